# technique: a loop that adds to what it goes through
if absTime.frame < 0:
    todo = [1]
    more = todo
    for one in todo:
        more.append(one)

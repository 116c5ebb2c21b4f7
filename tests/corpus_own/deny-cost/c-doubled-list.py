# technique: a list that is extended by itself in a loop
if absTime.frame < 0:
    items = [1]
    for i in range(64):
        items.extend(items)

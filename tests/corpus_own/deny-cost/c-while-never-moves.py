# technique: a counter that never moves
if absTime.frame < 0:
    i = 0
    j = 0
    while i < 10:
        j += 1

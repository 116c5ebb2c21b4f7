# technique: a while loop whose counter moves away from its bound
if absTime.frame < 0:
    i = 0
    while i < 10:
        i -= 1

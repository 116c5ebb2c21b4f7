# technique: two loops that turn too often together
SIDE = 20000
if absTime.frame < 0:
    for x in range(SIDE):
        for y in range(SIDE):
            pass

# technique: a large list in every turn of a loop
if absTime.frame < 0:
    for i in range(100000):
        row = [0] * 1000000

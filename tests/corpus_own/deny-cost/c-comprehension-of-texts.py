# technique: a list of many long texts, each of them small enough
if absTime.frame < 0:
    rows = ['x' * 90000 for row in range(20000)]

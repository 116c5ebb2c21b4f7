# technique: a shift by a huge number
far = 10 ** 10
if absTime.frame < 0:
    n = 1 << far

# technique: a list grows by a range
if absTime.frame < 0:
    rows = []
    rows += range(900000000)

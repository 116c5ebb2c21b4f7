# technique: the break stands behind a condition that never holds
if absTime.frame < 0:
    while 1 < 2:
        if not 1:
            break
        n = op('noise1')

# technique: a condition that is a name bound once
RUNNING = 1
if absTime.frame < 0:
    while RUNNING:
        n = op('noise1')

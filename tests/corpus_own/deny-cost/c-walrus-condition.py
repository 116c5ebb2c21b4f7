# technique: a condition that sets its own name
if absTime.frame < 0:
    while (go := True):
        n = 1

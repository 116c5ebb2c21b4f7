# technique: a condition with a part that always holds
if absTime.frame < 0:
    while op('noise1') or True:
        n = 1

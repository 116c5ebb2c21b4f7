# technique: the break stands behind a continue
if absTime.frame < 0:
    while [1]:
        n = 1
        continue
        break

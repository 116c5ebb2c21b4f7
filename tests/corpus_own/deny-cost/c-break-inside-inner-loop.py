# technique: the only break belongs to another loop
if absTime.frame < 0:
    while True:
        for n in range(3):
            break

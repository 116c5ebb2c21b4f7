# technique: a number squared in every turn
if absTime.frame < 0:
    x = 3
    for i in range(64):
        x **= 2

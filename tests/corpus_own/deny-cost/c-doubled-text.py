# technique: a text that is doubled by an f-string in a loop
if absTime.frame < 0:
    s = 'ab'
    for i in range(80):
        s = f'{s}{s}'

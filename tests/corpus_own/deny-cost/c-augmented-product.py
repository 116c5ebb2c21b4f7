# technique: a text made long by an augmented assignment
if absTime.frame < 0:
    s = 'frame'
    s *= 10 ** 9

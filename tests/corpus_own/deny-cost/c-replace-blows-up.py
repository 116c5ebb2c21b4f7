# technique: a replacement that multiplies a text
if absTime.frame < 0:
    ('x' * 100000).replace('x', 'y' * 100000)

# technique: a percent format whose width is an argument
if absTime.frame < 0:
    '%*d' % (10 ** 9, 1)

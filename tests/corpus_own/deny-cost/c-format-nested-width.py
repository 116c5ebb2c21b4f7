# technique: a format whose width is an argument
if absTime.frame < 0:
    '{:>{w}}'.format('a', w=10 ** 10)

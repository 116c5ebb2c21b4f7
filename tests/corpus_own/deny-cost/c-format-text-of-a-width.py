# technique: a format specification put together as a text
if absTime.frame < 0:
    format(1, '>' + str(10 ** 10))

# technique: a comprehension with two long loops
if absTime.frame < 0:
    grid = [(x, y) for x in range(100000) for y in range(100000)]

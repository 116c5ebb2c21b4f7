# technique: a power whose exponent is a product
k = 7
if absTime.frame < 0:
    n = k ** (k * 10 ** 8)

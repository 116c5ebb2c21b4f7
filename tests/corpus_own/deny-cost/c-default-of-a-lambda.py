# technique: a size in the default of a lambda
if absTime.frame < 0:
    (lambda n=10 ** 11: bytes(n))()

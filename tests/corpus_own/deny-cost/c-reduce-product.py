# technique: a product of very many numbers
import functools
import operator
if absTime.frame < 0:
    functools.reduce(operator.mul, range(1, 10 ** 6))

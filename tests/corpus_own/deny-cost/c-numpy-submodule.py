# technique: a function of a module within a module
import numpy
if absTime.frame < 0:
    numpy.random.rand(100000, 100000)

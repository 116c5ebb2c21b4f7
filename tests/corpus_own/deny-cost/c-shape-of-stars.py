# technique: a shape put together by a star
import numpy
SIZES = (100000, 100000)
if absTime.frame < 0:
    numpy.zeros((*SIZES, 3))

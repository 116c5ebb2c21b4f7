# technique: errors of other scripts are made to raise
import numpy
numpy.seterr(all='raise')

# an inner module that is handed on
import numpy
result = str(numpy.linalg)

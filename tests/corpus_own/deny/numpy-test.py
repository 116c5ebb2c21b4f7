# technique: numpy runs its own tests, and other programs
import numpy
numpy.test()

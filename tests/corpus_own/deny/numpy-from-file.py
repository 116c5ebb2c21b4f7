# technique: a file is read by numpy
import numpy
print(numpy.fromfile('/etc/passwd', dtype='u1'))

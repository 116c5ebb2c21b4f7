# binds every name of a module, which nobody can see
from math import *
result = 1

# the name of a module is given to something else
import math
math = 3
result = 1

# a module bound to a hook's name
import math as _getattr_

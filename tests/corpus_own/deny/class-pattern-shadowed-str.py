# a class pattern with a position over a class that is only called str
from functools import partial
str = partial
match partial(len):
    case str(found):
        result = found

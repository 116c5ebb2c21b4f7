# a class pattern over a class that a decorator has put in place of its own
from functools import partial
class Holder:
    func = 1
def other(made):
    return partial
@other
class Taker:
    func = 0
match partial(len):
    case Taker(func=found):
        result = str(found)

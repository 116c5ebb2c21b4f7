# a value pattern that hands a member of something else to its own `__eq__`
class Holder:
    def __init__(self):
        self._members = 1
box = []
class Taker:
    def __eq__(self, other):
        box.append(other)
        return True
match Taker():
    case op._members:
        pass

# a class pattern that reads a member which only bears the name of one of its own
class Holder:
    def __init__(self):
        self._members = 1
match op:
    case object(_members=found):
        result = str(found)

# a class made from one of TouchDesigner's, whose methods work on any operator
class D(DAT):
    pass
D.clear(op('t'))

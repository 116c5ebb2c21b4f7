# a class pattern that takes str.format off a text
class Holder:
    format = 1
class Text(str):
    pass
match Text('{0.__class__}'):
    case Text(format=fill):
        result = fill(op)

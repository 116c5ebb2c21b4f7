# a pattern that reads members which it does not name
class A:
    x = 1
match A():
    case A(first):
        result = first

# a private name in a class body
class A:
    _fields = ()

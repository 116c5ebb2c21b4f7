# a class with a keyword that a base would be handed
class A(object, turbo=1):
    x = 1
result = A.x

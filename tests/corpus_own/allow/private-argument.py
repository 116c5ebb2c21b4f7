# a private parameter that nobody uses
def f(_write, x):
    return x
f(1, 2)

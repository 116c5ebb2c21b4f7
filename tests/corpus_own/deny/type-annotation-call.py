# type with three arguments behind an annotation
def f(a: type) -> type:
    return type('X', (), {})
f(int)

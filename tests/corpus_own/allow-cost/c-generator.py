# technique: an endless generator that is sliced
from itertools import islice
def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
result = list(islice(fibonacci(), 20))

# technique: a factorial of a huge number under another name
from math import factorial as f
if absTime.frame < 0:
    f(10 ** 7)

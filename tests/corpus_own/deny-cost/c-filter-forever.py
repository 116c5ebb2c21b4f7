# technique: a filter in C that never finds anything
import itertools
if absTime.frame < 0:
    next(filter(None, itertools.repeat(0)))

# technique: an endless iterator joined
import itertools
if absTime.frame < 0:
    text = ''.join(itertools.repeat('a'))

# technique: a search through what never ends
from itertools import count
if absTime.frame < 0:
    found = -1 in count()

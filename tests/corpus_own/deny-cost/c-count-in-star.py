# technique: an endless iterator unpacked
from itertools import count
if absTime.frame < 0:
    print(*count())

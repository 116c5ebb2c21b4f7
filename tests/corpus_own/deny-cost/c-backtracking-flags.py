# technique: a pattern that is catastrophic only when blanks do not count
import re
if absTime.frame < 0:
    re.match(r'(a+ )+$', 'a' * 60 + 'b', re.VERBOSE)

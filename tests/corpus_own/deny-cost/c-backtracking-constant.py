# technique: a catastrophic pattern kept in a name and put together
import re
PART = r"(\w+\s?)"
if absTime.frame < 0:
    re.compile(PART + '*$').match('a' * 60 + '!')

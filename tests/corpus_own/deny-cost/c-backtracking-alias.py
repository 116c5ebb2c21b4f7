# technique: a catastrophic pattern through another name of re.search
import re
find = re.search
if absTime.frame < 0:
    find('(a|aa)+$', 'a' * 60 + 'b')

# technique: patterns on names
import re
numbered = re.compile(r'^(.*?)(\d+)$')
groups = {}
for node in op('/project1').children:
    found = numbered.match(node.name)
    if found:
        groups.setdefault(found.group(1), []).append(int(found.group(2)))
result = groups

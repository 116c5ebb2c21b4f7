# technique: patterns on settings
import re
settings = {}
for line in op('text1').text.splitlines():
    found = re.match(r'^\s*(\w+)\s*=\s*(.+?)\s*$', line)
    if found:
        settings[found.group(1)] = found.group(2)
snake = {re.sub(r'(?<!^)(?=[A-Z])', '_', key).lower(): value for key, value in settings.items()}
result = snake

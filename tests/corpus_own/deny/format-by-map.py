# format handed to map
result = list(map('{0.real}'.format, [1]))

# looking for a word in names is no search for the guard
for c in op('/project1').children:
    if 'geo' in c.name or c.name.endswith('1'):
        print(c.name)

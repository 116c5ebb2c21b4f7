# a pattern in a list that can match the guard
for pattern in ['*Guard']:
    for o in ops(pattern):
        o.bypass = True

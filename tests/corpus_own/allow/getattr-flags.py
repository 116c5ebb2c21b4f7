# flags by getattr over their names
rows = {}
for c in op('/project1').children:
    rows[c.name] = [getattr(c, k) for k in ('viewer', 'bypass')]
result = rows

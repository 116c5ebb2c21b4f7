# format with plain fields
rows = ['{:<12}{:>8.2f}'.format(c.name, c.cpuCookTime) for c in op('/project1').children]
print('\n'.join(rows))

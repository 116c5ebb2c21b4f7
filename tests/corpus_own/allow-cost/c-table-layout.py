# technique: padded columns
rows = [('noise1', 'TOP', 0.25), ('math1', 'CHOP', 0.5)]
lines = ['{:<20}{:>8}{:>10.3f}'.format(*row) for row in rows]
lines.append('-' * 38)
lines.append('%-20s%8s' % ('total', len(rows)))
result = '\n'.join(line.ljust(40) for line in lines)

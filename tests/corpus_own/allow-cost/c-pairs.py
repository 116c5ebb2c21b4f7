# technique: all pairs
import itertools
nodes = op('/project1').children[:50]
close = []
for a, b in itertools.combinations(nodes, 2):
    if abs(a.nodeX - b.nodeX) < 100 and abs(a.nodeY - b.nodeY) < 100:
        close.append((a.name, b.name))
result = close

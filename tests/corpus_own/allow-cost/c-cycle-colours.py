# technique: colours in turn
import itertools
colours = itertools.cycle([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
for node, colour in zip(op('/project1').children, colours):
    node.color = colour
result = 'ok'

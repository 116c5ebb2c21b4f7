# technique: all orders of twenty things
import itertools
if absTime.frame < 0:
    sorted(itertools.permutations(range(20)))

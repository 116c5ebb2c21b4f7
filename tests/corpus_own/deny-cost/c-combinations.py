# technique: combinations of which there are more than atoms
import itertools
if absTime.frame < 0:
    for some in itertools.combinations(range(200), 100):
        pass

# technique: a random array of a huge shape, by a generator object
import numpy as np
rng = np.random.default_rng()
SHAPE = (100000, 100000)
if absTime.frame < 0:
    rng.normal(0, 1, SHAPE)

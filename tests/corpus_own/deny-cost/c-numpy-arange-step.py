# technique: an array with a tiny step
import numpy as np
if absTime.frame < 0:
    np.arange(0, 1, 1e-11)

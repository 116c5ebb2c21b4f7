# technique: the outer product of long arrays
import numpy as np
if absTime.frame < 0:
    x = np.linspace(0, 1, 200000)
    y = np.outer(x, x)

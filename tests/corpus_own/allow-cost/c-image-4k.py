# technique: an array for a 4K image
import numpy as np
image = np.zeros((2160, 3840, 4), dtype=np.float32)
image[..., 3] = 1.0
result = list(image.shape)

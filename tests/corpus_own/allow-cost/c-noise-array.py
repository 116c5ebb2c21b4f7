# technique: random values for a table
import numpy as np
rng = np.random.default_rng(7)
values = rng.normal(0, 1, (256, 256))
xx, yy = np.meshgrid(np.linspace(-1, 1, 512), np.linspace(-1, 1, 512))
result = float(np.mean(values)) + float(np.max(np.sqrt(xx * xx + yy * yy)))

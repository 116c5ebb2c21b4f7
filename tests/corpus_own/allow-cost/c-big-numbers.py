# technique: large numbers that are no sizes
import math
import random
LIMIT = 10 ** 12
key = random.randint(0, 2 ** 64)
result = {'key': key, 'over': key > LIMIT, 'ways': math.comb(52, 5), 'orders': math.factorial(20), 'mask': (1 << 64) - 1}

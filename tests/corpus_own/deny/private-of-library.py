# a private member of a library's object
import random
r = random.Random(1)
result = r._randbelow(3)

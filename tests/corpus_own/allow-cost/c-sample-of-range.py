# technique: a sample out of a long range
import random
numbers = random.sample(range(10 ** 9), 5)
result = [n in range(10 ** 10) for n in numbers]

# technique: a random generator by hand
seed = 12345
values = []
for i in range(100):
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    values.append(seed / 2 ** 31)
result = sum(values) / len(values)

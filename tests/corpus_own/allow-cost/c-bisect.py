# technique: a search by halves
low, high = 0.0, 1000.0
while high - low > 1e-6:
    middle = (low + high) / 2
    if middle * middle < 2:
        low = middle
    else:
        high = middle
result = low

# technique: an iterator by hand
rows = iter([1, 2, 3])
total = 0
while True:
    try:
        total += next(rows)
    except StopIteration:
        break
result = total

# technique: every pixel of an HD image
total = 0
for y in range(1080):
    for x in range(1920):
        total += (x ^ y) & 1
result = total

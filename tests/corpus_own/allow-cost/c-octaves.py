# technique: octaves with doubling numbers
amplitude, frequency, total = 1.0, 1, 0.0
for octave in range(8):
    total += amplitude / frequency
    amplitude *= 0.5
    frequency *= 2
result = round(total, 4)

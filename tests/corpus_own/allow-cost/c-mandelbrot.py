# technique: a square in every turn, of complex numbers
rows = []
for y in range(-10, 11):
    row = ''
    for x in range(-20, 11):
        c = complex(x / 10, y / 10)
        z = 0
        for i in range(30):
            z = z * z + c
            if abs(z) > 2:
                break
        row += ' ' if i < 29 else '*'
    rows.append(row)
result = '\n'.join(rows)

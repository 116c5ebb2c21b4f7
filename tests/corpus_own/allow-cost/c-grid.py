# technique: a grid of positions
COLUMNS, ROWS = 40, 30
points = [(x * 150, y * -120) for y in range(ROWS) for x in range(COLUMNS)]
result = len(points)

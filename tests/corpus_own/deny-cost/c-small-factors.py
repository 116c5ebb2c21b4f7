# technique: many small factors
side = 900
if absTime.frame < 0:
    blocks = [0] * side * side * side

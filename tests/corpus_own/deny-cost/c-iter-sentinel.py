# technique: iter() with a sentinel that never comes
if absTime.frame < 0:
    total = sum(iter(int, 1))

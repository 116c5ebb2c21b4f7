# technique: arguments from a tuple
BOUNDS = (1000000000, '0')
if absTime.frame < 0:
    'frame'.ljust(*BOUNDS)

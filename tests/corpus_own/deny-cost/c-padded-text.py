# technique: a text padded to a huge width
if absTime.frame < 0:
    'a'.rjust(2 ** 33)

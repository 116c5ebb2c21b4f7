# technique: a buffer as large as a product of names
width = 50000
height = 50000
if absTime.frame < 0:
    pixels = bytearray(width * height * 4)

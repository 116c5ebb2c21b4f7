# technique: the next power of two
width = op('moviefilein1').width
size = 1
while size < width:
    size *= 2
result = size

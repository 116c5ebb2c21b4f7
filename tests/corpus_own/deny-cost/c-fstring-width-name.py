# technique: an f-string whose width is a name
width = 10 ** 9
if absTime.frame < 0:
    text = f'{1:0{width}d}'

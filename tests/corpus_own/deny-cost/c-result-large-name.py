# technique: a result larger than a reply, by way of a name
if absTime.frame < 0:
    text = 'x' * 3000000
    result = text

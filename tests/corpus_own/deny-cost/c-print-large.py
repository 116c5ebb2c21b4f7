# technique: a print that is larger than a reply
if absTime.frame < 0:
    print('x' * 40000000)

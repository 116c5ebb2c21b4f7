# technique: a while loop that counts by one to a huge bound
if absTime.frame < 0:
    i = 0
    while i < 10 ** 9:
        i += 1

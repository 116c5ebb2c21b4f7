# technique: a loop that waits for a frame that cannot come
if absTime.frame < 0:
    start = absTime.frame
    while absTime.frame < start + 60:
        pass

# technique: a loop that waits for the clock
import time
if absTime.frame < 0:
    begun = time.time()
    while time.time() - begun < 3600:
        waited = time.time()

# technique: the clock of the machine is set
import time
time.clock_settime(0, 0)

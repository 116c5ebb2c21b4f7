# technique: the time zone of the process is set anew
import time
time.tzset()

# technique: the folder of the process is changed
import contextlib
with contextlib.chdir('/'):
    print(1)

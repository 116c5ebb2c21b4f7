# technique: the only way out is an exception that is suppressed
import contextlib
if absTime.frame < 0:
    while True:
        with contextlib.suppress(Exception):
            raise StopIteration

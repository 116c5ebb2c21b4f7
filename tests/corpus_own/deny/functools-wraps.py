# technique: a function takes over the inner attributes of another
import functools
show = functools.update_wrapper(print, max)

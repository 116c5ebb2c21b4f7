# technique: which function is called is told by a type at run time
import functools
show = functools.singledispatch(print)

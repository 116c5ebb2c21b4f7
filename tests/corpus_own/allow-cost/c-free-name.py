# technique: the first free name
from itertools import count
base = op('/project1')
name = next(f'noise{i}' for i in count(1) if base.op(f'noise{i}') is None)
result = name

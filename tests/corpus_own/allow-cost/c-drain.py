# technique: a queue drained until it raises
from collections import deque
todo = deque(['a', 'b', 'c'])
done = []
try:
    while True:
        done.append(todo.popleft())
except IndexError:
    pass
result = done

# technique: work until the time is up
import time
begun = time.perf_counter()
todo = list(op('/project1').children)
done = 0
while todo and time.perf_counter() - begun < 0.005:
    todo.pop().cook(force=True)
    done += 1
result = done

# tells where an error was
import traceback
try:
    op('nope').par.tx = 1
except Exception:
    print(traceback.format_exc())

# the name of an exception's type
try:
    x = 1 / 0
except Exception as e:
    result = f'{type(e).__name__}: {e}'

# a line to the error output
import sys
print('no operator', file=sys.stderr)

# the package of whoever runs the script
from . import mcp
result = 1

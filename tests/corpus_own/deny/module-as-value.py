# a module in a list, from where any member could be taken
import json
result = len([json])

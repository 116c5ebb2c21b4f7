# data as text of a DAT
import json
op('notes').text = json.dumps({'a': [1, 2]}, indent=2)

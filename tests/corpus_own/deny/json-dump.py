# technique: a file is written by json
import json
json.dump({'a': 1}, op('/project1/text1'))

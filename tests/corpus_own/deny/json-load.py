# technique: a file is read by json
import json
print(json.load(op('/project1/text1')))

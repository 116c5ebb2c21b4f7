# technique: a formatter walks attributes by a text from a table
import string
print(string.Formatter().format(op('/project1/table1')[0, 0].val, op))

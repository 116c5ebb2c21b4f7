# technique: a Template with a pattern that never ends
import string
class Slow(string.Template):
    idpattern = '(a+)+b'

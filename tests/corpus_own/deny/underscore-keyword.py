# a keyword that begins with an underscore
result = dict(__class__=1)

# a log that stands in a Text DAT
print('done', file=op('text1'))

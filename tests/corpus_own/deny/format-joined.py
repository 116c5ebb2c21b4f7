# a template put together
t = '{0.' + 'real}'
result = t.format(1)

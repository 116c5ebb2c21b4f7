# getattr with a name put together
result = getattr(op('n'), 'dest' + 'roy')()

# getattr with a default does not excuse a door
result = getattr(op('n'), '__class__', None)

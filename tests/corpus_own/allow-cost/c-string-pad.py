# technique: a text doubled until it is long enough
pattern = '10110'
while len(pattern) < 64:
    pattern += pattern
result = pattern[:64]

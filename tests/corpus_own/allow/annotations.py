# annotations with type
def chain(kinds: list[type], start: str = 'n') -> list[OP]:
    return [op('/project1').create(k, start + str(i)) for i, k in enumerate(kinds)]
result = len(chain([noiseTOP, levelTOP]))

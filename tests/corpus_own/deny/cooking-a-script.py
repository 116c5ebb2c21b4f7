# technique: cooking a Script operator runs its callbacks
op('script1').cook(force=True)

# technique: what the project keeps in a storage is called where it lies
op('base1').storage['go']()

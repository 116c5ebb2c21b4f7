# technique: what the project keeps in a storage is called under a name of the script's own
go = op('base1').fetch('go')
go()

# technique: a dependency is told to have changed
level = tdu.Dependency([1])
level.modified()

# technique: a variable of the project
print(var('SHOW'))

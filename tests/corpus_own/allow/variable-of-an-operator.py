# technique: a variable of the project, asked of an operator
print(op('/project1').var('SHOW'))

# technique: a value stored on an operator is read
print(op('/project1').fetch('level', 0))

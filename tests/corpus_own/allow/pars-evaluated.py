# technique: the expressions of parameters that a pattern names are evaluated
for found in op('/project1/geo1').pars('t?'):
    print(found.name, found.evalExpression())

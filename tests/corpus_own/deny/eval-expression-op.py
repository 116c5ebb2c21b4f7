# evalExpression on an operator
o = op('base1')
result = o.evalExpression('project.quit()')

# technique: an operator that was just made evaluates a text of the project
made = op('/project1').create(noiseTOP)
made.evalExpression(op('text1').text)

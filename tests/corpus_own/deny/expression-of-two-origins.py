# technique: an expression is known in one branch, and a text of the project in the other
expression = '1'
if absTime.frame > 1:
    expression = op('text1').text
op('geo1').par.tx.expr = expression

# technique: the values of parameters that a pattern names
for found in op('/project1/geo1').pars('t?'):
    found.val = 0

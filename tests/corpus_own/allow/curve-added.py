# technique: a script SOP gets a curve
op('/project1/script1').addBezier(4)

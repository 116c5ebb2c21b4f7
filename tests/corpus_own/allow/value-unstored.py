# technique: a stored number is forgotten
op('/project1').unstore('level')

# technique: an operator is cooked
op('/project1/noise1').cook(force=True)

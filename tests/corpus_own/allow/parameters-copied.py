# technique: parameters are copied from one operator to another
op('/project1/noise2').copyParameters(op('/project1/noise1'))

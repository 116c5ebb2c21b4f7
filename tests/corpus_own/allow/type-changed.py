# technique: an operator becomes one of another type
op('/project1/noise1').changeType(rampTOP)

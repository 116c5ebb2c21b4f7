# parameters set by setattr over a dict
for k, v in dict(resolutionw=640, resolutionh=480).items():
    setattr(op('noise1').par, k, v)

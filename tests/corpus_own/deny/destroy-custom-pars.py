# technique: every custom parameter is removed
op('/project1/base1').destroyCustomPars()

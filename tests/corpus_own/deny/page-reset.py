# technique: every setting of a page is thrown away
page = op('/project1/base1').appendCustomPage('Show')
page.resetPars()

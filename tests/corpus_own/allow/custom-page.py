# a custom page with labels
b = op('/project1').create(baseCOMP, 'ctl')
page = b.appendCustomPage('Controls')
p = page.appendFloat('Speed')[0]
p.label = 'Speed (Hz)'
p.normMax = 10

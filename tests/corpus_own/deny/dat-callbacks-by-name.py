# text of a DAT whose name says callbacks
op('/project1/slider1_callbacks').text = 'def onOffToOn(panelValue):\n    pass'

# rows appended to an execute DAT
rows = [['def onStart():'], ['    pass']]
op('execute3').appendRows(rows)

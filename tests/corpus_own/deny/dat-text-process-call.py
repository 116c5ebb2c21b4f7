# a program that starts a process as text of a DAT
op('note').text = '__import__("os").system("true")'

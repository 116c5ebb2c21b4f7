# technique: the debugger of TouchDesigner is reached
tdu.debug

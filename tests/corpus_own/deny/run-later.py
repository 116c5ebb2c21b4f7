# code handed over to run later
run('op("x").destroy()', delayFrames=60)

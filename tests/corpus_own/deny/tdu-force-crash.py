# technique: the process is made to crash
tdu.forceCrash()

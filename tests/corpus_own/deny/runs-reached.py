# technique: the scripts that wait to run are reached
for waiting in list(runs):
    print(waiting)

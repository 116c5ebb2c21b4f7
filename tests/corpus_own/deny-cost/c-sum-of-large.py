# technique: large texts are added up, each of them small enough
if absTime.frame < 0:
    part = 'x' * 40000000
    whole = part + part + part + part + part + part + part + part + part + part + part + part

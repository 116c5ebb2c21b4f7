# technique: a loop with a break
tries = 0
while True:
    tries += 1
    if op('noise1') is not None or tries >= 3:
        break
result = tries

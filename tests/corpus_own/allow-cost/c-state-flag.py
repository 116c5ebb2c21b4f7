# technique: a flag that ends the loop
changed = True
rounds = 0
while changed:
    changed = False
    rounds += 1
    for node in op('/project1').children:
        if node.nodeX % 50:
            node.nodeX -= node.nodeX % 50
            changed = True
result = rounds

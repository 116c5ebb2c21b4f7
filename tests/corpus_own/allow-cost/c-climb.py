# technique: up to the root
node = op('noise1')
depth = 0
while node is not None and depth < 100:
    node = node.parent()
    depth += 1
result = depth

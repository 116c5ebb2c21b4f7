# technique: breadth first over a network
queue = [op('/project1')]
found = []
while queue:
    node = queue.pop(0)
    found.append(node.path)
    if node.isCOMP:
        queue.extend(node.children)
result = len(found)

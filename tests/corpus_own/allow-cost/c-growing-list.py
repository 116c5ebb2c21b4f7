# technique: a list that is extended while it is read
nodes = [op('/project1')]
for node in nodes:
    if node.isCOMP:
        nodes.extend(node.children)
result = [n.path for n in nodes]

# technique: bounds with large start values
left, right = 10 ** 9, -10 ** 9
for node in op('/project1').children:
    left = min(left, node.nodeX)
    right = max(right, node.nodeX + node.nodeWidth)
columns = range(left, right, 200)
result = [left, right]

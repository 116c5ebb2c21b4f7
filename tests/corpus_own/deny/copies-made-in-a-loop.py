# more operators than may be made, by copying
for i in range(5000):
    op('/project1').copy(op('geo1'), name=f'geo_{i}')

# a member that not every operator has
result = [getattr(c, 'width', None) for c in op('/project1').children]

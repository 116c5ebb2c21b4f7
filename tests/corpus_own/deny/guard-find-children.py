# findChildren by the guard's name
names = ['PolicyGuard']
for n in names:
    op('/').findChildren(name=n)

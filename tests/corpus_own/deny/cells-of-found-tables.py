# technique: code put into the cells of DATs that are found
for found in op('/project1').findChildren(type=tableDAT):
    found[0, 0] = "import os; os.system('true')"

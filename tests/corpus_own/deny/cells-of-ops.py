# technique: code put into the cells of DATs that a pattern names
for found in ops('/project1/*'):
    found[0, 0] = "import os; os.system('true')"

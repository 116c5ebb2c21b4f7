# technique: code put into a cell of a new DAT whose type the text does not tell
made = op('/project1').create(str(op('/project1/kinds')[0, 0]))
made[0, 0] = "import os; os.system('true')"

# technique: op is imported under another name
from td import op as find
find('/project1/Policy' + 'Guard').par.tx = 1

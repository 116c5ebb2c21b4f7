# technique: sleep under another name
from time import sleep as pause
pause(3600)

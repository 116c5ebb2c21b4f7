# technique: the process is asked to end
import sys
sys.exit()

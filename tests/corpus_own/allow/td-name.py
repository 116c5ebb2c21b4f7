# technique: a name of TouchDesigner as a member of the module td
import td
td.absTime

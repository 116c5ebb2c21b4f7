# patterns over classes and enums of its own
import enum
import math
from dataclasses import dataclass
class Mode(enum.Enum):
    FAST = 1
    SLOW = 2
@dataclass
class Step:
    target: str = 'noise1'
    mode: Mode = Mode.FAST
steps = []
for step in (Step(), Step('level1', Mode.SLOW)):
    match step:
        case Step(target='noise1'):
            steps.append('noise')
        case Step(target=found, mode=m):
            match m:
                case Mode.SLOW:
                    steps.append(found)
match 3.0:
    case math.pi:
        steps.append('pi')
match op('/project1'):
    case OP(path=where, OPType='containerCOMP'):
        steps.append(where)
result = steps

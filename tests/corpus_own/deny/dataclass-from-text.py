# technique: a class is made out of texts
import dataclasses
Made = dataclasses.make_dataclass('Made', ['a'])

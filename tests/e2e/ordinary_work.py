"""Two hundred calls of an agent's ordinary afternoon: it looks around, builds an audio-reactive scene, animates it, puts
texts into it, checks it for errors, tidies up. Each is a tool with its arguments, as an MCP client makes it.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

Call = tuple[str, dict[str, Any]]
P = "/project1"
S = "/project1/scene"

_TOPS = (
    ("noiseTOP", {"period": 2.5, "amp": 0.8}), ("levelTOP", {"brightness1": 1.2, "gamma1": 0.9}), ("blurTOP", {"size": 12}),
    ("transformTOP", {"tx": 0.1, "rotate": 15}), ("compositeTOP", {"operand": "add"}), ("rampTOP", {"type": "horizontal"}),
    ("circleTOP", {"radiusx": 0.3, "radiusy": 0.3}), ("textTOP", {"text": "OPENING NIGHT", "fontsizex": 48}), ("nullTOP", {}),
    ("feedbackTOP", {}), ("displaceTOP", {}), ("hsvadjustTOP", {"saturationmult": 1.4}), ("edgeTOP", {}), ("switchTOP", {}),
)  # fmt: skip
_CHOPS = (
    ("lfoCHOP", {"frequency": 0.5}), ("noiseCHOP", {"period": 4}), ("mathCHOP", {"gain": 2}), ("filterCHOP", {"width": 0.4}),
    ("constantCHOP", {"const0name": "speed", "const0value": 0.3}), ("lagCHOP", {"lag1": 0.2}), ("nullCHOP", {}), ("waveCHOP", {"amp": 2}),
)  # fmt: skip
_OTHERS = (
    ("geometryCOMP", {"tx": 1, "ry": 45}), ("cameraCOMP", {"tz": 8}), ("lightCOMP", {"dimmer": 0.7}), ("phongMAT", {}),
    ("sphereSOP", {}), ("gridSOP", {"rows": 12, "cols": 12}), ("tableDAT", {}), ("textDAT", {}), ("baseCOMP", {}),
)  # fmt: skip


def calls() -> list[Call]:
    """All of them, in order."""
    made = [*_around(), *_built(), *_wired(), *_animated(), *_told(), *_checked(), *_tidied()]
    return made[:200]


def _script(text: str) -> Call:
    return "execute_python_script", {"script": text}


def _around() -> Iterator[Call]:
    yield "get_td_info", {}
    yield "get_td_module_help", {"moduleName": "policyguard"}
    yield "get_td_nodes", {"parentPath": "/"}
    yield "get_td_nodes", {"parentPath": P}
    yield "get_td_nodes", {"parentPath": P, "pattern": "*", "includeProperties": True}
    yield "get_td_nodes", {"parentPath": P, "pattern": "noise*"}
    for name in ("noise1", "level1", "out1", "lfo1", "notes", "cues"):
        yield "get_td_node_parameters", {"nodePath": f"{P}/{name}"}
    yield "get_td_node_errors", {"nodePath": P}
    yield "get_td_classes", {}
    for name in ("noiseTOP", "OP", "Par", "baseCOMP", "app", "project", "ui", "tdu"):
        yield "get_td_class_details", {"className": name}
    for name in ("tdu", "td.noiseTOP", "noiseCHOP", "Par", "td"):
        yield "get_td_module_help", {"moduleName": name}
    yield "get_top_image", {"nodePath": f"{P}/out1"}
    yield _script("print([o.path for o in op('/project1').findChildren(maxDepth=2)])\nresult = app.version")
    yield _script("result = {o.name: (o.nodeX, o.nodeY) for o in op('/project1').children}")


def _built() -> Iterator[Call]:
    yield "create_td_node", {"parentPath": P, "nodeType": "baseCOMP", "nodeName": "scene"}
    for kind, values in (*_TOPS, *_CHOPS, *_OTHERS):
        name = re.sub("([A-Z]+)$", r"_\1", kind).lower()
        yield "create_td_node", {"parentPath": S, "nodeType": kind, "nodeName": name}
        if values:
            yield "update_td_node_parameters", {"nodePath": f"{S}/{name}", "properties": values}
    yield "update_td_node_parameters", {"nodePath": f"{S}/noise_top", "properties": {"nodeX": -200, "nodeY": 100, "comment": "the sky"}}
    yield "update_td_node_parameters", {"nodePath": f"{S}/text_dat", "properties": {"text": "doors open at eight\nlights at nine"}}
    yield "get_td_nodes", {"parentPath": S}


def _wired() -> Iterator[Call]:
    tops = ["noise_top", "level_top", "blur_top", "transform_top", "hsvadjust_top", "null_top"]
    yield _script(
        f"names = {tops!r}\nscene = op('{S}')\nfor a, b in zip(names, names[1:]):\n"
        "    scene.op(b).inputConnectors[0].connect(scene.op(a))\nresult = [o.name for o in scene.op(names[-1]).inputs]"
    )
    yield _script(f"a, b = op('{S}/lfo_chop'), op('{S}/math_chop')\nb.inputConnectors[0].connect(a)\nb.outputs")
    yield _script(f"for i, o in enumerate(op('{S}').children):\n    o.nodeX, o.nodeY = i % 6 * 160, -(i // 6) * 140\nresult = i")
    yield _script(f"op('{S}/null_top').viewer = True\nop('{S}').color = (0.2, 0.4, 0.6)\nresult = 'ok'")
    yield "exec_node_method", {"nodePath": f"{S}/noise_top", "method": "cook", "args": [], "kwargs": {"force": True}}
    yield "exec_node_method", {"nodePath": S, "method": "findChildren", "args": [], "kwargs": {"name": "*top"}}
    yield "exec_node_method", {"nodePath": S, "method": "errors", "args": [], "kwargs": {}}
    for name in ("level_top", "blur_top", "transform_top", "ramp_top"):
        yield "exec_node_method", {"nodePath": f"{S}/{name}", "method": "cook", "args": [], "kwargs": {}}
    yield "get_top_image", {"nodePath": f"{S}/noise_top"}


def _animated() -> Iterator[Call]:
    for parameter, expression in (
        ("tx", "absTime.seconds * 0.1"), ("ty", "absTime.seconds % 2 - 1"), ("rotate", "absTime.frame % 360"),
        ("sx", "1 + 0.2 * (absTime.frame % 60) / 60"), ("sy", "me.par.sx"),
    ):  # fmt: skip
        yield _script(f"p = op('{S}/transform_top').par.{parameter}\np.expr = {expression!r}\nresult = str(p.mode)")
    for value in (0.25, 0.5, 0.75, 1.0):
        yield "update_td_node_parameters", {"nodePath": f"{S}/lfo_chop", "properties": {"frequency": value}}
        yield "update_td_node_parameters", {"nodePath": f"{S}/level_top", "properties": {"brightness1": value, "opacity": value}}
    yield _script("import math\nresult = [round(math.sin(i / 10), 3) for i in range(20)]")
    yield _script(f"import random\nrandom.seed(7)\nfor o in op('{S}').children:\n    o.comment = f'{{o.OPType}} {{random.randint(1, 9)}}'\nresult = 1")
    yield _script(
        "def ease(t):\n    return t * t * (3 - 2 * t)\n\nkeys = [ease(i / 9) for i in range(10)]\n"
        f"op('{S}/constant_chop').par.const0value = keys[4]\nresult = keys"
    )
    yield _script(f"for n in range(8):\n    c = op('{S}').create(circleTOP, f'dot{{n}}')\n    c.par.radiusx = c.par.radiusy = 0.02 * (n + 1)\nresult = n")
    for number in range(8):
        yield "get_td_node_parameters", {"nodePath": f"{S}/dot{number}"}
        yield "update_td_node_parameters", {"nodePath": f"{S}/dot{number}", "properties": {"centerx": number / 10, "nodeX": number * 150}}


def _told() -> Iterator[Call]:
    yield _script("t = op('/project1/cues')\nt.appendRow(['encore', '60'])\nresult = t.numRows")
    yield _script("t = op('/project1/cues')\nresult = sum(float(t[r, 'seconds'].val) for r in range(1, t.numRows))")
    yield _script("op('/project1/notes').text += '\\nencore at eleven'\nresult = op('/project1/notes').numRows")
    yield _script("import json\nresult = json.dumps({c.name: c.OPType for c in op('/project1').children})")
    yield _script("import datetime\nresult = datetime.date(2026, 11, 23).isoformat()")
    yield _script("title = '開場'\nop('/project1/scene/text_top').par.text = title\nresult = len(title)")
    yield _script("try:\n    op('/project1/scene/nothing').cook()\nexcept AttributeError:\n    result = 'not there'")
    yield _script("from collections import Counter\nresult = dict(Counter(o.family for o in op('/project1/scene').children))")
    yield _script("values = [tdu.remap(v, 0, 1, -1, 1) for v in (0, 0.5, 1)]\nresult = values")
    yield _script("result = [c.name for c in op('/project1/lfo1').chans()]")
    yield _script("op('/project1/scene').store('bpm', 122)\nresult = op('/project1/scene').fetch('bpm')")
    yield _script("n = op('/project1/noise1')\nresult = {p.name: p.eval() for p in n.pars('*') if p.isNumber}")


def _checked() -> Iterator[Call]:
    for name in ("noise_top", "level_top", "blur_top", "transform_top", "null_top", "lfo_chop", "math_chop", "table_dat"):
        yield "get_td_node_errors", {"nodePath": f"{S}/{name}"}
        yield "get_td_node_parameters", {"nodePath": f"{S}/{name}"}
    yield "get_td_node_errors", {"nodePath": S}
    yield "get_td_nodes", {"parentPath": S, "pattern": "dot*"}
    yield "get_top_image", {"nodePath": f"{S}/circle_top"}


def _tidied() -> Iterator[Call]:
    for number in range(8):
        yield "delete_td_node", {"nodePath": f"{S}/dot{number}"}
    yield _script("temp = op('/project1').create(nullTOP, 'temp')\nname = temp.name\ntemp.destroy()\nresult = name")
    yield "delete_td_node", {"nodePath": f"{S}/edge_top"}
    yield "get_td_nodes", {"parentPath": S}
    for line in range(40):
        yield _script(f"note = 'pass {line}'\nresult = (note, len(op('{S}').children))")


def as_request(tool: str, args: dict[str, Any]) -> tuple[str, str, dict[str, Any] | None]:
    """Method, path and body with which the real server's client makes the call; `get_top_image` is a script there."""
    query = {name: json.dumps(value) if isinstance(value, bool) else value for name, value in args.items()}
    asked = "?" + urllib.parse.urlencode(query) if query else ""
    match tool:
        case "get_td_info":
            return "GET", "/api/td/server/td", None
        case "execute_python_script":
            return "POST", "/api/td/server/exec", args
        case "get_td_nodes":
            return "GET", "/api/nodes" + asked, None
        case "create_td_node":
            return "POST", "/api/nodes", args
        case "delete_td_node":
            return "DELETE", "/api/nodes" + asked, None
        case "get_td_node_parameters":
            return "GET", "/api/nodes/detail" + asked, None
        case "update_td_node_parameters":
            return "PATCH", "/api/nodes/detail", args
        case "get_td_node_errors":
            return "GET", "/api/nodes/errors" + asked, None
        case "get_td_classes":
            return "GET", "/api/td/classes", None
        case "get_td_class_details":
            return "GET", "/api/td/classes/" + args["className"], None
        case "get_td_module_help":
            return "GET", "/api/td/modules/help" + asked, None
        case "exec_node_method":
            return "POST", "/api/td/nodes/exec", args
    raise ValueError(f"{tool} has no route of its own")

"""What kind of value an expression gives, by the name of its class, as far as the script's text tells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from .flow import Flow

OPERATOR = "OP"
"""An operator of a type that is not known; one that is known is called by its type, e.g. ``noiseTOP``."""

OWN = "the script's own"
"""An object of a class that the script defines."""

PARAMETERS = "ParCollection"
PARAMETER = "Par"
CLASS = "type"
"""A class, TouchDesigner's or the script's own."""

_GLOBALS: Mapping[str, str] = {
    "me": OPERATOR, "root": OPERATOR, "ui": "UI", "project": "Project", "app": "App", "absTime": "AbsTime",
    "sysinfo": "SysInfo", "monitors": "Monitors", "licenses": "Licenses",
}  # fmt: skip
_CALLS: Mapping[str, str] = {
    "op": OPERATOR, "opex": OPERATOR, "parent": OPERATOR, "int": "int", "float": "float", "len": "int", "str": "str",
    "repr": "str", "bool": "bool", "list": "list", "sorted": "list", "dict": "dict", "set": "set", "tuple": "tuple",
    "frozenset": "frozenset", "bytes": "bytes", "bytearray": "bytearray", "enumerate": "int", "range": "range",
    "type": CLASS, "open": "TextIOWrapper", "hex": "str", "chr": "str", "ord": "int",
}  # fmt: skip
_NUMERIC_CALLS = {"abs", "round", "min", "max", "sum"}
_OPERATORS_IN = {
    "children", "findChildren", "inputs", "outputs", "docked", "selectedChildren", "ops", "copyOPs", "clones",
    "inputCOMPs", "outputCOMPs", "panelChildren",
}  # fmt: skip
"""Members that hold, and methods that return, a list of operators (td_runtime.md section 1)."""

_MEMBERS: Mapping[str, str] = {
    "par": PARAMETERS, "parGroup": "ParGroupCollection", "storage": "dict", "inputConnectors": "list",
    "outputConnectors": "list", "dock": OPERATOR, "currentChild": OPERATOR, "name": "str", "path": "str",
    "OPType": "str", "family": "str", "type": "str", "digits": "int", "nodeX": "int", "nodeY": "int",
    "numRows": "int", "numCols": "int", "numChans": "int", "numSamples": "int", "width": "int", "height": "int",
    **dict.fromkeys(_OPERATORS_IN, "list"),
}  # fmt: skip
_METHODS: Mapping[str, str] = {
    "op": OPERATOR, "opex": OPERATOR, "parent": OPERATOR, "copy": OPERATOR, "numpyArray": "ndarray",
    "appendCustomPage": "Page", "StringIO": "StringIO", "BytesIO": "BytesIO",
    "split": "list", "join": "str", "strip": "str", "lower": "str", "upper": "str",
    "replace": "str", "format": "str", "keys": "list", "values": "list", "items": "list",
    **dict.fromkeys(_OPERATORS_IN, "list"),
}  # fmt: skip
_DISPLAYS: Mapping[type, str] = {
    ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
    ast.SetComp: "set", ast.Tuple: "tuple", ast.GeneratorExp: "generator", ast.JoinedStr: "str",
    ast.Compare: "bool", ast.Lambda: "function", ast.FunctionDef: "function", ast.ClassDef: CLASS,
}  # fmt: skip
_NUMBERS = frozenset({"int", "float", "bool"})
_TEXT, _LIST = frozenset({"str"}), frozenset({"list"})
_MAX_DEPTH = 20

Kinds = frozenset[str]


class KindsOf:
    """Tells the kinds of expressions. Total, and each expression is looked at once.

    Args:
        flow: where the script's values come from.
        is_own: whether the script itself binds a name.
        is_type: whether a name is that of an operator type.
    """

    def __init__(self, flow: Flow, is_own: Callable[[str], bool], is_type: Callable[[str], bool]) -> None:
        self._flow = flow
        self._is_own = is_own
        self._is_type = is_type
        self._questions = flow.questions
        self._kinds: dict[ast.AST | str, Kinds | None] = {}
        self._insides: dict[ast.AST | str, Kinds | None] = {}
        self._made: dict[ast.AST | str, bool] = {}
        self._depth = 0

    def of(self, node: ast.AST) -> Kinds | None:
        """Every kind that `node` may be; None where that cannot be told. `None` itself is no kind."""
        # All mentions of a name are one question.
        key = node.id if isinstance(node, ast.Name) and self._is_own(node.id) else node
        return self._asked(self._kinds, key, node, self._find)

    def _inside(self, container: ast.AST) -> Kinds | None:
        """The kinds of what `container` gives when it is iterated over."""
        return self._asked(self._insides, container, container, self._find_inside)

    def _asked(
        self,
        known: dict[ast.AST | str, Kinds | None],
        key: ast.AST | str,
        node: ast.AST,
        find: Callable[[ast.AST], Kinds | None],
    ) -> Kinds | None:
        if key in known:
            return known[key]
        if self._depth >= _MAX_DEPTH:
            return None
        self._depth += 1
        found = self._questions.answer(known, key, frozenset(), node, find)
        self._depth -= 1
        return found

    def is_operator(self, node: ast.AST) -> bool:
        """Whether `node` certainly is an operator, where it is anything."""
        kinds = self.of(node)
        return bool(kinds) and all(kind == OPERATOR or self._is_type(kind) for kind in kinds or ())

    def is_number(self, node: ast.AST) -> bool:
        """Whether `node` certainly is a number."""
        kinds = self.of(node)
        return bool(kinds) and kinds is not None and kinds <= _NUMBERS

    def may_be_made_here(self, node: ast.AST) -> bool:
        """Whether `node` may be an operator that the script itself has created or copied.

        One name often stands for several operators, in several functions: the watch looks which one it is.
        """
        key = node.id if isinstance(node, ast.Name) and self._is_own(node.id) else node
        if key not in self._made:
            if self._depth >= _MAX_DEPTH:
                return False
            self._made[key] = False  # while it is being found
            self._depth += 1
            self._made[key] = self._find_made(node)
            self._depth -= 1
        return self._made[key]

    def _find_made(self, node: ast.AST) -> bool:
        roots = self._flow.roots(node)
        if roots is not None:
            return any(self._makes(root) for root in roots if not _is_none(root))
        containers = self._flow.iterated(node.id) if isinstance(node, ast.Name) else None
        return any(self._holds_made(container) for container in containers or ())

    def _makes(self, root: ast.AST) -> bool:
        match root:
            case ast.Call(func=ast.Attribute(attr="create" | "copy")):
                return True
            case ast.Call(func=ast.Attribute(value=outer, attr="op"), args=[ast.Constant(value=str(inner))]):
                # What a new COMP holds from the start is new as well.
                return not inner.startswith("/") and ".." not in inner and self.may_be_made_here(outer)
            case ast.Subscript(value=made):  # copyOPs returns a list
                return any(isinstance(one, ast.Call) and _attribute(one.func) == "copyOPs" for one in self._roots(made))
        return False

    def _holds_made(self, container: ast.AST) -> bool:
        """Whether all that iterating over `container` gives was made by the script."""
        for root in self._flow.roots(container) or (container,):
            match root:
                case ast.Attribute(value=outer, attr="children") if self.may_be_made_here(outer):
                    continue
                case ast.Call(func=ast.Attribute(value=outer, attr="findChildren" | "ops")):
                    if self.may_be_made_here(outer):
                        continue
                case ast.Call(func=ast.Name(id="list" | "sorted" | "reversed" | "tuple"), args=[inner, *_]):
                    return inner is not container and self._holds_made(inner)
            return False
        return True

    def _roots(self, node: ast.AST) -> tuple[ast.AST, ...]:
        return self._flow.roots(node) or ()

    def _find(self, node: ast.AST) -> Kinds | None:
        roots = self._flow.roots(node)
        if roots is None:
            return self._element(node)
        if len(roots) == 1:
            return frozenset() if _is_none(roots[0]) else self._of_root(roots[0])
        found: set[str] = set()
        for root in roots:
            if _is_none(root):
                continue
            kinds = self._of_root(root)
            if kinds is None:
                return None
            found |= kinds
        return frozenset(found)

    def _element(self, node: ast.AST) -> Kinds | None:
        """The kind of a loop's variable, whose container is no display of the script's own."""
        if not isinstance(node, ast.Name):
            return None
        found: set[str] = set()
        for container in self._flow.iterated(node.id) or (None,):
            kinds = self._inside(container) if container is not None else None
            if kinds is None:
                return None
            found |= kinds
        return frozenset(found)

    def _find_inside(self, container: ast.AST) -> Kinds | None:
        found: set[str] = set()
        for root in self._flow.roots(container) or (container,):
            match root:
                case ast.Call(func=ast.Name(id="range")) if not self._is_own("range"):
                    found.add("int")
                case ast.Attribute(attr=member) | ast.Call(func=ast.Attribute(attr=member)) if member in _OPERATORS_IN:
                    found.add(OPERATOR)
                case ast.Call(func=ast.Name(id="ops")) if not self._is_own("ops"):
                    found.add(OPERATOR)
                case ast.Call(func=ast.Attribute(attr="pars")) | ast.Attribute(attr="customPars" | "builtinPars"):
                    found.add(PARAMETER)
                case ast.Call(func=ast.Name(id="sorted" | "list" | "reversed" | "tuple" | "filter"), args=[*_, inner]):
                    kinds = self._inside(inner)
                    if kinds is None:
                        return None
                    found |= kinds
                case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                    kinds = self.of(element)
                    if kinds is None:
                        return None
                    found |= kinds
                case _:
                    kinds = self._union(self._flow.elements(root))
                    if kinds is None:
                        return None
                    found |= kinds
        return frozenset(found)

    def _union(self, nodes: tuple[ast.AST, ...] | None) -> Kinds | None:
        each = [self.of(node) for node in nodes or ()]
        if not each or None in each:
            return None
        return frozenset().union(*(kinds for kinds in each if kinds))

    def _of_root(self, root: ast.AST) -> Kinds | None:
        display = _DISPLAYS.get(type(root))
        if display is not None:
            return frozenset({display})
        match root:
            case ast.Constant(value=value):
                return frozenset({type(value).__name__})
            case ast.arg():
                return frozenset({OWN})
            case ast.Call():
                return self._of_call(root)
            case ast.Name(id=name):
                return _one(None if self._is_own(name) else CLASS if self._is_type(name) else _GLOBALS.get(name))
            case ast.UnaryOp(op=ast.Not()):
                return frozenset({"bool"})
            case ast.UnaryOp(operand=operand):
                return _NUMBERS if self.is_number(operand) else None
            case ast.BinOp(left=left, right=right, op=operation):
                return self._computed(left, right, operation)
            case ast.Attribute(value=ast.Attribute(attr="par" | "parGroup") as holder, attr=_):
                return _one(PARAMETER if holder.attr == "par" else "ParGroup")
            case ast.Attribute(value=ast.Name(id="ui"), attr="undo"):
                return frozenset({"Undo"})
            case ast.Attribute(value=receiver, attr=member):
                if PARAMETERS in (self.of(receiver) or ()):
                    return frozenset({PARAMETER})
                return _one(_MEMBERS.get(member))
            case ast.Subscript(value=container):
                return self._item(container)
        return None

    def _of_call(self, call: ast.Call) -> Kinds | None:
        match call.func:
            case ast.Attribute(attr="create") if call.args:
                return self._created(call.args[0])
            case ast.Attribute(value=receiver, attr=method):
                kinds = self.of(receiver)
                if method == "copy" and kinds is not None and kinds & {"list", "dict", "set", "ndarray"}:
                    return kinds
                return _one(_METHODS.get(method))
            case ast.Name(id=name) if self._is_own(name):
                made = self._flow.roots(call.func)
                is_class = bool(made) and all(isinstance(one, ast.ClassDef) for one in made or ())
                return frozenset({OWN}) if is_class else None
            case ast.Name(id=name):
                if name in _NUMERIC_CALLS and call.args and all(map(self.is_number, call.args)):
                    return _NUMBERS
                return _one(_CALLS.get(name))
        return None

    def _item(self, container: ast.AST) -> Kinds | None:
        kinds = self.of(container) or frozenset()
        if PARAMETERS in kinds:
            return frozenset({PARAMETER})
        return self._inside(container) if "list" in kinds else None

    def _created(self, kind: ast.AST) -> Kinds:
        found = set()
        for root in self._flow.roots(kind) or (kind,):
            match root:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                    found.add(name if self._is_type(name) else OPERATOR)
                case _:
                    found.add(OPERATOR)
        return frozenset(found)

    def _computed(self, left: ast.AST, right: ast.AST, operation: ast.operator) -> Kinds | None:
        kinds, others = self.of(left), self.of(right)
        if kinds is not None and others is not None and kinds | others <= _NUMBERS:
            return _NUMBERS
        if kinds == _TEXT and (isinstance(operation, ast.Mod) or others == _TEXT):
            return kinds
        if kinds == _LIST and (isinstance(operation, ast.Mult) or others == _LIST):
            return kinds
        return None


def _one(kind: str | None) -> Kinds | None:
    return None if kind is None else frozenset({kind})


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _attribute(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""

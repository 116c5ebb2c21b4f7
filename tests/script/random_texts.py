"""Texts by chance: scripts that were cut up, and programs that follow Python's grammar and nothing else.

Each is made from a `random.Random`, so that a seed gives the same text again.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Sequence

_TOKEN = re.compile(r"\w+|[^\w\s]|\s+")
_MAX_EDITS = 6
_MAX_LENGTH = 1_000_000
"""Characters of a text: one long line, repeated again and again, would fill the memory."""

_NAMES = (
    "a b c x y i op ops me parent ui project root tdu run mod absTime noiseTOP textDAT TOP result print len range str "
    "dict list getattr setattr hasattr type super sorted map iter next int float math json np self cls _ __name__ open "
    "eval exec Exception ParMode 色 é"
)
NAMES = tuple(_NAMES.split())
_MEMBERS = (
    "par text expr bindExpr val eval create copy destroy connect inputConnectors children name path store fetch run "
    "module appendRow append items format format_map join replace tx callbacks period ext0object pulse mode "
    "numpyArray findChildren Promoted x y step label __class__ __init__ __globals__ write save sin dumps array"
)
MEMBERS = tuple(_MEMBERS.split())
STRINGS = (
    "", "a", "/project1", "/project1/PolicyGuard", "noiseTOP", "executeDAT", "absTime.frame", "op('a').destroy()",
    "{0.__class__}", "{}", "%s", "__class__", "tx", "import os", "(a+)+$", "*", "-" * 20, "\n", "é", "'", '"', "\\",
)  # fmt: skip
MODULES = ("math", "json", "re", "os", "numpy", "numpy.random", "datetime", "itertools", "td", "nothing.here")
_OPERATORS: tuple[type[ast.operator], ...] = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow, ast.LShift, ast.BitOr, ast.FloorDiv, ast.MatMult,
)  # fmt: skip


def cut_up(source: random.Random, scripts: Sequence[str]) -> str:
    """A script of which some lines or tokens are missing, twice there, elsewhere, or from another script."""
    text = source.choice(scripts)
    for _ in range(source.randint(1, _MAX_EDITS)):
        parts = text.splitlines(keepends=True) if source.random() < 0.4 else _TOKEN.findall(text)
        if not parts:
            return text
        other = _TOKEN.findall(source.choice(scripts)) or [""]
        at, to = sorted((source.randrange(len(parts)), source.randrange(len(parts))))
        match source.randrange(7):
            case 0:
                del parts[at : at + source.randint(1, 3)]
            case 1:
                parts[at:at] = parts[at : at + source.randint(1, 5)] * source.choice((1, 1, 2, 50))
            case 2:
                parts[at], parts[to] = parts[to], parts[at]
            case 3:
                parts[at] = source.choice(other)
            case 4:
                begin = source.randrange(len(other))
                parts[at:to] = other[begin : begin + source.randint(1, 30)]
            case 5:
                parts[at] = source.choice((*NAMES, *MEMBERS, "(", ")", ":", "\n", "    ", "'", "{", "\0", "\ud800", "ｏ"))
            case _:
                parts = parts[:to]
        text = "".join(parts)[:_MAX_LENGTH]
    return text


def program(source: random.Random) -> str:
    """A program of some statements that parses."""
    grammar = _Grammar(source)
    while True:
        body = [grammar.statement(3) for _ in range(source.randint(1, 8))]
        try:
            return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))
        except ValueError:
            continue  # an f-string of 3.11 cannot be written with a backslash in it


class _Grammar:
    """Builds statements, expressions and patterns, each with its parts down to a depth."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._expressions: tuple[Callable[[int], ast.expr], ...] = (
            self._call, self._call, self._attribute, self._attribute, self._binary, self._display, self._comprehension,
            self._subscript, self._lambda, self._condition, self._joined, self._compare, self._unary, self._walrus,
            self._logic, self._name, self._constant,
        )  # fmt: skip
        self._statements: tuple[Callable[[int], ast.stmt], ...] = (
            self._assign, self._assign, self._assign, self._plain, self._plain, self._import, self._if, self._for,
            self._while, self._function, self._class, self._try, self._with, self._match, self._augmented, self._delete,
            self._annotated, self._leave, self._declare,
        )  # fmt: skip

    def statement(self, depth: int) -> ast.stmt:
        """Any statement; one without a body at depth 0."""
        kinds = self._statements if depth > 0 else (self._assign, self._plain, self._import, self._delete)
        return self._source.choice(kinds)(depth)

    def expression(self, depth: int) -> ast.expr:
        """Any expression; a name or a constant at depth 0."""
        kinds = self._expressions if depth > 0 else (self._name, self._constant)
        return self._source.choice(kinds)(depth)

    def _some(self, build: Callable[[int], ast.expr], depth: int, least: int = 0, most: int = 3) -> list[ast.expr]:
        return [build(depth) for _ in range(self._source.randint(least, most))]

    def _body(self, depth: int) -> list[ast.stmt]:
        return [self.statement(depth - 1) for _ in range(self._source.randint(1, 3))]

    def _word(self) -> str:
        return self._source.choice(NAMES)

    def _member(self) -> str:
        return self._source.choice(MEMBERS)

    # -- expressions

    def _name(self, depth: int) -> ast.expr:
        return ast.Name(self._word(), ast.Load())

    def _constant(self, depth: int) -> ast.expr:
        numbers = (0, 1, -1, 2.5, 10**9, 10**20, 1j, True, None, b"a", ...)
        return ast.Constant(self._source.choice((*numbers, *STRINGS)))

    def _attribute(self, depth: int) -> ast.expr:
        return ast.Attribute(self.expression(depth - 1), self._member(), ast.Load())

    def _call(self, depth: int) -> ast.expr:
        arguments = self._some(self.expression, depth - 1)
        if self._source.random() < 0.1:
            arguments.append(ast.Starred(self.expression(depth - 1), ast.Load()))
        named = [self._source.choice((*MEMBERS, None)) for _ in range(self._source.choice((0, 0, 0, 1, 2)))]
        keywords = [ast.keyword(name, self.expression(depth - 1)) for name in dict.fromkeys(named)]
        return ast.Call(self._source.choice((self._name, self._attribute))(depth), arguments, keywords)

    def _binary(self, depth: int) -> ast.expr:
        return ast.BinOp(self.expression(depth - 1), self._source.choice(_OPERATORS)(), self.expression(depth - 1))

    def _unary(self, depth: int) -> ast.expr:
        return ast.UnaryOp(self._source.choice((ast.Not, ast.USub, ast.Invert))(), self.expression(depth - 1))

    def _logic(self, depth: int) -> ast.expr:
        return ast.BoolOp(self._source.choice((ast.And, ast.Or))(), self._some(self.expression, depth - 1, 2))

    def _compare(self, depth: int) -> ast.expr:
        operator = self._source.choice((ast.Eq, ast.Lt, ast.In, ast.Is, ast.NotIn))()
        return ast.Compare(self.expression(depth - 1), [operator], [self.expression(depth - 1)])

    def _display(self, depth: int) -> ast.expr:
        parts = self._some(self.expression, depth - 1)
        match self._source.randrange(4):
            case 0:
                return ast.List(parts, ast.Load())
            case 1:
                return ast.Tuple(parts, ast.Load())
            case 2:
                return ast.Set(parts or [ast.Constant(1)])
        keys = [self.expression(depth - 1) if self._source.random() < 0.9 else None for _ in parts]
        return ast.Dict(keys, parts)

    def _comprehension(self, depth: int) -> ast.expr:
        clauses = [
            ast.comprehension(self._target(1), self.expression(depth - 1), self._some(self.expression, depth - 1, 0, 1), 0)
            for _ in range(self._source.choice((1, 1, 2)))
        ]
        kind = self._source.randrange(4)
        if kind == 3:
            return ast.DictComp(self.expression(depth - 1), self.expression(depth - 1), clauses)
        return (ast.ListComp, ast.SetComp, ast.GeneratorExp)[kind](self.expression(depth - 1), clauses)

    def _subscript(self, depth: int) -> ast.expr:
        index = self.expression(depth - 1)
        if self._source.random() < 0.2:
            index = ast.Slice(index, None, None)
        return ast.Subscript(self.expression(depth - 1), index, ast.Load())

    def _lambda(self, depth: int) -> ast.expr:
        return ast.Lambda(self._parameters(depth), self.expression(depth - 1))

    def _condition(self, depth: int) -> ast.expr:
        return ast.IfExp(*(self.expression(depth - 1) for _ in range(3)))

    def _joined(self, depth: int) -> ast.expr:
        field = ast.FormattedValue(self._source.choice((self._name, self._attribute))(1), -1, None)
        return ast.JoinedStr([ast.Constant(self._source.choice(("a", "/", ""))), field])

    def _walrus(self, depth: int) -> ast.expr:
        return ast.NamedExpr(ast.Name(self._word(), ast.Store()), self.expression(depth - 1))

    # -- what is bound

    def _target(self, depth: int) -> ast.expr:
        match self._source.randrange(6):
            case 0 if depth > 0:
                return ast.Tuple([self._target(depth - 1), self._target(depth - 1)], ast.Store())
            case 1:
                return ast.Attribute(self.expression(depth), self._member(), ast.Store())
            case 2:
                return ast.Subscript(self.expression(depth), self.expression(0), ast.Store())
        return ast.Name(self._word(), ast.Store())

    def _parameters(self, depth: int) -> ast.arguments:
        names = [ast.arg(name, None) for name in dict.fromkeys(self._source.choices(NAMES, k=self._source.randint(0, 3)))]
        defaults = [self.expression(depth - 1) for _ in names[: self._source.choice((0, 0, 1))]]
        rest = ast.arg("rest", None) if self._source.random() < 0.1 else None
        return ast.arguments([], names, rest, [], [], None, defaults)

    # -- statements

    def _assign(self, depth: int) -> ast.stmt:
        return ast.Assign([self._target(1)], self.expression(2))

    def _plain(self, depth: int) -> ast.stmt:
        return ast.Expr(self.expression(3))

    def _augmented(self, depth: int) -> ast.stmt:
        target = self._target(0)
        assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        return ast.AugAssign(target, self._source.choice(_OPERATORS)(), self.expression(2))

    def _annotated(self, depth: int) -> ast.stmt:
        return ast.AnnAssign(ast.Name(self._word(), ast.Store()), self.expression(1), self.expression(2), 1)

    def _delete(self, depth: int) -> ast.stmt:
        return ast.Delete([self._target(0)])

    def _import(self, depth: int) -> ast.stmt:
        alias = self._word() if self._source.random() < 0.3 else None
        if self._source.random() < 0.5:
            return ast.Import([ast.alias(self._source.choice(MODULES), alias)])
        return ast.ImportFrom(self._source.choice(MODULES), [ast.alias(self._source.choice((*MEMBERS, "*")))], 0)

    def _if(self, depth: int) -> ast.stmt:
        return ast.If(self.expression(2), self._body(depth), self._body(depth) if self._source.random() < 0.4 else [])

    def _for(self, depth: int) -> ast.stmt:
        return ast.For(self._target(1), self.expression(2), self._body(depth), [])

    def _while(self, depth: int) -> ast.stmt:
        return ast.While(self.expression(1), self._body(depth), [])

    def _function(self, depth: int) -> ast.stmt:
        decorators = self._some(self.expression, 1, 0, 1) if self._source.random() < 0.2 else []
        return ast.FunctionDef(self._word(), self._parameters(2), self._body(depth), decorators)

    def _class(self, depth: int) -> ast.stmt:
        bases = self._some(self._name, 0, 0, 1)
        body: list[ast.stmt] = [
            ast.FunctionDef(self._member(), self._parameters(1), self._body(1), []), *self._body(1)
        ]  # fmt: skip
        return ast.ClassDef(self._word().strip("_") or "C", bases, [], body, [])

    def _try(self, depth: int) -> ast.stmt:
        handler = ast.ExceptHandler(self._name(0), self._source.choice((None, "error")), self._body(depth))
        return ast.Try(self._body(depth), [handler], [], self._body(depth) if self._source.random() < 0.2 else [])

    def _with(self, depth: int) -> ast.stmt:
        target = self._target(1) if self._source.random() < 0.5 else None
        return ast.With([ast.withitem(self.expression(2), target)], self._body(depth))

    def _match(self, depth: int) -> ast.stmt:
        cases = [ast.match_case(self._pattern(2), None, self._body(depth)) for _ in range(self._source.randint(1, 2))]
        return ast.Match(self.expression(1), cases)

    def _pattern(self, depth: int) -> ast.pattern:
        match self._source.randrange(6) if depth > 0 else 5:
            case 0:
                return ast.MatchSequence([self._pattern(depth - 1), ast.MatchStar("others")])
            case 1:
                return ast.MatchMapping([ast.Constant("a")], [self._pattern(depth - 1)], "left")
            case 2:
                return ast.MatchClass(ast.Name(self._source.choice(("int", "TOP", "C", "dict")), ast.Load()), [], [self._member()], [self._pattern(depth - 1)])
            case 3:
                return ast.MatchValue(ast.Attribute(self._name(0), self._member(), ast.Load()))
            case 4:
                return ast.MatchAs(self._pattern(depth - 1), "whole")
        return ast.MatchValue(ast.Constant(self._source.choice((1, "a"))))

    def _leave(self, depth: int) -> ast.stmt:
        return self._source.choice((ast.Break(), ast.Continue(), ast.Pass(), ast.Raise(self.expression(1))))

    def _declare(self, depth: int) -> ast.stmt:
        return ast.Global([self._word()])

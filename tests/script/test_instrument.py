"""The judged tree, with its hooks: it compiles, keeps every statement, and no text can spell a hook."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.hooks import Hook
from td_extension.script.instrument import instrument, watched_members

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*/*.py"))


def parsed(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_bytes().decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def places(tree: ast.AST) -> list[tuple[str, int, int]]:
    """Each statement with its place, but for the ticks."""
    return sorted(
        (type(node).__name__, node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not _is_tick(node)
    )


def _is_tick(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.BoolOp(values=[_, ast.Call(func=ast.Name(id=Hook.TICK.value))])):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=Hook.TICK.value))):
            return True
    return False


def test_every_script_of_the_corpus_compiles_and_keeps_its_statements(catalog: Catalog) -> None:
    watched = watched_members(catalog)
    seen = 0
    for file in CORPUS:
        tree = parsed(file)
        if tree is None:
            continue
        before = places(tree)
        instrumented = instrument(tree, watched)
        try:
            compile(instrumented, file.name, "exec", dont_inherit=True)
        except RecursionError:
            continue  # one of those that are meant to nest too deeply
        assert places(instrumented) == before, file.name
        seen += 1
    assert seen > 450


@pytest.mark.parametrize("hook", Hook)
def test_no_text_can_spell_a_hook(hook: Hook) -> None:
    assert not hook.value.isidentifier()


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("for i in x: pass", 1),
        ("while x: pass", 1),
        ("def f(): pass", 1),
        ("def f():\n    'doc'\n    return 1", 1),
        ("lambda: 0", 1),
        ("[i for i in x for j in y]", 2),
        ("{i for i in x}", 1),
        ("{i: 0 for i in x}", 1),
        ("(i for i in x)", 1),
        ("class C:\n    def m(self):\n        for i in x:\n            yield lambda: [j for j in i]", 4),
        ("x = 1", 0),
    ],
)
def test_there_is_a_tick_at_the_head_of_whatever_can_repeat(catalog: Catalog, text: str, ticks: int) -> None:
    tree = instrument(ast.parse(text), watched_members(catalog))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == Hook.TICK.value]
    assert len(found) == ticks


def test_a_docstring_stays_the_docstring(catalog: Catalog) -> None:
    tree = instrument(ast.parse("def f():\n    'doc'"), watched_members(catalog))
    names: dict[str, object] = {Hook.NEXT.value: lambda: True}
    exec(compile(tree, "<x>", "exec"), names)
    assert getattr(names["f"], "__doc__", None) == "doc"


def test_patterns_stay_patterns(catalog: Catalog) -> None:
    text = "match 1:\n    case td.TOP() | op.Val:\n        pass\n    case {'a': td.DAT()}:\n        pass"
    compile(instrument(ast.parse(text), watched_members(catalog)), "<x>", "exec")


@pytest.mark.parametrize("pattern", ["-{}", "1 - {}j", "td.A{}"])
def test_the_values_in_many_patterns_get_no_ticks(catalog: Catalog, pattern: str) -> None:
    cases = "".join(f"    case {pattern.format(number)}:\n        y = {number}\n" for number in range(1, 40))
    compile(instrument(ast.parse("match 1:\n" + cases), watched_members(catalog)), "<x>", "exec")


@pytest.mark.parametrize("text", ["*a", "x = 'a'\nx *= *b", "f'{1:{*a}}'"])
def test_what_is_no_python_does_not_become_python_by_its_hooks(catalog: Catalog, text: str) -> None:
    report = analyse(text, catalog, ())
    if report.tree is not None:
        with pytest.raises(SyntaxError):
            compile(instrument(report.tree, watched_members(catalog)), "text", "exec")

"""Where values may come from: told whole, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from td_extension.script import flow as flow_module
from td_extension.script.bindings import bindings_of
from td_extension.script.flow import Flow
from td_extension.script.tree import walked

CALLED = "def doubled(part=1):\n    return part * 2\n" + "doubled(2)\n" * 15 + "doubled('x')\n"
FILLED = "parts = [1]\n" + "parts.append(2)\n" * 15 + "parts.append('x')\n"
KEYED = "table = {'a': 1}\n" + "table['b'] = 1\n" * 15 + "for key, value in table.items():\n    key\n"


def flow_of(text: str) -> tuple[Flow, Callable[[str], ast.Name]]:
    """The flow of a script, and what finds the last mention of a name in it."""
    nodes, parents, by_type = walked(ast.parse(text))
    names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    made = Flow(nodes, parents, bindings_of(by_type, parents).binders)
    return made, lambda name: [node for node in names if node.id == name][-1]


def told(roots: tuple[ast.AST, ...] | None) -> set[object] | None:
    return None if roots is None else {ast.literal_eval(root) for root in roots if isinstance(root, ast.Constant)}


@pytest.mark.parametrize("budget", range(40))
def test_wherever_the_budget_ends_a_parameter_is_told_with_all_that_is_handed_to_it(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_module, "_MAX_STEPS", budget)
    flow, mention = flow_of(CALLED)
    assert told(flow.roots(mention("part"))) in (None, {1, 2, "x"})


@pytest.mark.parametrize("budget", range(40))
def test_wherever_the_budget_ends_a_container_is_told_with_all_that_is_put_into_it(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_module, "_MAX_STEPS", budget)
    flow, mention = flow_of(FILLED)
    assert told(flow.elements(mention("parts"))) in (None, {1, 2, "x"})


@pytest.mark.parametrize("budget", range(40))
def test_wherever_the_budget_ends_the_keys_of_a_dict_that_takes_others_are_not_told(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_module, "_MAX_STEPS", budget)
    flow, mention = flow_of(KEYED)
    assert told(flow.roots(mention("key"))) in (None, set())


def test_with_budget_enough_all_of_it_is_told() -> None:
    flow, mention = flow_of(CALLED)
    assert told(flow.roots(mention("part"))) == {1, 2, "x"}
    flow, mention = flow_of(FILLED)
    assert told(flow.elements(mention("parts"))) == {1, 2, "x"}


ROUND = "first = 'x'\nsecond = 5\nfirst = second or first\nsecond = first or 5\nfirst\nsecond\n"


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_what_goes_round_between_two_names_is_told_of_both_whichever_is_asked_first(order: tuple[str, str]) -> None:
    flow, mention = flow_of(ROUND)
    assert [told(flow.roots(mention(name))) for name in order] == [{"x", 5}, {"x", 5}]

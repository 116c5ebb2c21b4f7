"""Random policies in every spelling, for properties: documents as JSON data, and tables as rows."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from td_extension.policy.document import load_document
from td_extension.policy.model import Policy
from td_extension.policy.problems import PolicyError
from td_extension.policy.table import COLUMNS, load_table

TOOLS = ("get_td_nodes", "create_td_node", "execute_python_script", "delete_td_node", "update_td_node_parameters")
AMBIGUOUS = (
    "yes",
    "No",
    "1",
    "null",
    "~",
    "0o17",
    "1_000",
    "10:30",
    "2024-01-01",
    "on",
    "a: b",
    "- a",
    "#x",
    "",
    " ",
    "'",
)
ODD = (
    "日本",
    "e\u0301",
    "😀",
    "ف",
    'quo"te',
    "back\\slash",
    "semi; colon",
    "tab\tin",
    "a, b",
    "{a",
    "é\u2028",
    "\u202e",
    "\x7f",
)
texts = st.one_of(
    st.sampled_from(("stage", "a", "feature/x", *AMBIGUOUS, *ODD)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
numbers = st.one_of(
    st.integers(-5, 300),
    st.sampled_from((0.1, 1.0, -0.0, 1e17, 1e-7, 2.5, 1e300, 10**30, 0.30000000000000004)),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=2)),
    max_leaves=4,
)
KEYS = ("amount", "nodePath", "名", "a-b", "a b")
paths = st.sampled_from(["args." + key for key in KEYS] + ["args.kwargs.x", "args.a.b"])
own_paths = st.one_of(
    paths,
    st.sampled_from(('args["a.b"]', "args.list[0].n", "args.list[*]", "args.list[all].n", "args.l[-1]", 'args["a;b"]')),
)
NODES = ("/", "/project1", "/project1/show", "/project1/*", "/project1/show/**", "/sys", "/project1/a*b")
patterns = st.sampled_from(("^a", "feature/[a-z]+", "^[0-9]{1,3}$", "x|y", "b;c", "/project1/"))


def _by_operator(path: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    def with_value(op: str) -> st.SearchStrategy[Any]:
        value: st.SearchStrategy[Any] = {
            **dict.fromkeys(("lt", "lte", "gt", "gte"), numbers),
            **dict.fromkeys(("in", "not_in"), st.lists(values, max_size=3)),
            "regex": patterns,
            "exists": st.booleans(),
            "path_in": st.lists(st.sampled_from(NODES), min_size=1, max_size=2),
        }.get(op, values)
        return st.fixed_dictionaries({"path": path, "op": st.just(op), "value": value})

    operators = ("eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists", "path_in")
    return st.sampled_from(operators).flatmap(with_value)


_facts: dict[str, st.SearchStrategy[Any]] = {
    "perform_mode": st.booleans(),
    "frame_rate": st.one_of(numbers, st.dictionaries(st.sampled_from(("lt", "gte", "eq")), numbers, min_size=1)),
    "hour": st.dictionaries(st.sampled_from(("lt", "gt", "lte", "gte", "neq")), numbers, min_size=1),
    "grant": st.one_of(texts, st.lists(texts, max_size=2), st.fixed_dictionaries({"neq": texts})),
    "risk": st.sampled_from(("read", ["write", "execute"], {"neq": "read"}, {"in": []})),
    "caller": st.sampled_from(("127.0.0.1", {"regex": "^10"}, {"contains": "1"})),
    "tool": st.sampled_from((*TOOLS, {"regex": "^get_"})),
    "target": st.sampled_from(("/project1", ["/project1/show", "/sys"], {"exists": False}, {"eq": "/a", "neq": "/b"})),
    "op_type": st.sampled_from(("textDAT", ["textDAT", "tableDAT"], {"contains": "textDAT"}, {"regex": "DAT$"})),
    "op_family": st.sampled_from(("DAT", {"neq": "TOP"})),
    "parameter_kind": st.sampled_from(("code", {"contains": "file"})),
    "script.capabilities": st.sampled_from(("net", {"contains": "td.delete"}, ["net", "process"])),
    "script.lines": st.sampled_from((10, {"gt": 3}, {"lte": 100, "gt": 1})),
}
_fact = st.sampled_from(sorted(_facts)).flatmap(lambda name: st.fixed_dictionaries({name: _facts[name]}))
_text_facts = st.tuples(
    st.sampled_from(("target[*]", "op_type[all]", "script.imports[*]", "tool", "caller")),
    st.one_of(
        st.tuples(st.sampled_from(("eq", "neq", "contains")), texts),
        st.tuples(st.sampled_from(("in", "not_in")), st.lists(texts, max_size=2)),
    ),
).map(lambda found: {"path": found[0], "op": found[1][0], "value": found[1][1]})


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    listed = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries({"any": listed}),
        st.fixed_dictionaries({"all": listed}),
        st.fixed_dictionaries({"not": st.one_of(inner, listed)}),
        st.tuples(inner, inner, inner).map(lambda three: {**three[0], **three[1], **three[2]}),
    )


typed = st.recursive(st.one_of(_fact, _by_operator(own_paths), _text_facts), _joined, max_leaves=6)
imported = st.one_of(
    _by_operator(paths),
    _fact,
    st.tuples(_by_operator(paths), typed).map(lambda both: {**both[1], **both[0]}),
    _joined(typed),
)
conditions = st.lists(imported, min_size=1, max_size=3)
whens = st.one_of(typed, st.lists(typed, min_size=1, max_size=3))
reasons = st.sampled_from(("", "why", "ja, weil: 日本", "yes", " outer ", "a; b"))
_windows = st.sampled_from(("second", "minute", "hour", "day", 60, 90, 0.5, 5400.0, 0.30000000000000004))
_limits = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"counter": st.text("abcxyz 名", min_size=1, max_size=4), "max": st.integers(1, 100), "window": _windows},
            optional={
                "scope": st.sampled_from(("grant", "tool", "global")),
                "cost": st.sampled_from(("args.price", "args.a.b", "main_thread_ms", "args.a b")),
                "on_deny": reasons,
            },
        ),
        st.fixed_dictionaries({"frame_rate": st.sampled_from((50, 29.97, 1e-3, 12.3456789))}),
    ),
    max_size=3,
)
_scripts = st.one_of(
    st.sampled_from(("inspect", "edit", "build", "trusted")),
    st.fixed_dictionaries(
        {"profile": st.sampled_from(("inspect", "edit", "build"))},
        optional={
            "allow": st.lists(
                st.sampled_from(
                    ("td.run", "net(*.example.com:8443)", "file.read(/a b/(c)/**)", "file.write(C:/Shows/*)")
                ),
                unique=True,
            ),
            "deny": st.just(["td.create"]),
            "ask": st.lists(st.sampled_from(("td.code", "block")), unique=True),
            "modules": st.just(["scipy.signal"]),
        },
    ),
)
_nodes = st.one_of(
    st.sampled_from(NODES),
    st.lists(st.sampled_from(NODES), min_size=1, max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "within": st.lists(st.sampled_from(NODES), min_size=1, max_size=2),
            "except": st.lists(st.sampled_from(NODES), min_size=1, max_size=2),
            "strict": st.booleans(),
        },
    ),
)
_args = st.fixed_dictionaries(
    {},
    optional={
        "required": st.lists(st.sampled_from(KEYS), max_size=2),
        "properties": st.dictionaries(
            st.sampled_from(KEYS),
            st.one_of(
                st.fixed_dictionaries({"type": st.just("string"), "maxLength": st.integers(1, 9)}),
                st.fixed_dictionaries(
                    {"type": st.sampled_from(("number", ["integer", "null"])), "minimum": st.just(-1.5)}
                ),
                st.fixed_dictionaries({"enum": st.lists(st.one_of(texts, numbers), min_size=1, max_size=3)}),
                st.just({"type": "array", "items": {"pattern": "^/"}, "minItems": 1}),
            ),
            max_size=3,
        ),
        "additionalProperties": st.booleans(),
        "title": texts,
    },
)
_clauses = st.lists(
    st.fixed_dictionaries({"conditions": conditions}, optional={"on_deny": reasons}), min_size=1, max_size=2
)
_parts: dict[str, st.SearchStrategy[Any]] = {
    "name": reasons,
    "reason": reasons,
    "when": whens,
    "require": _clauses,
    "deny_if": _clauses,
    "limits": _limits,
    "rate_limit": st.sampled_from(("5/minute", {"max": 3, "window": 45})),
    "script": _scripts,
    "nodes": _nodes,
    "args": _args,
    "validate": st.fixed_dictionaries({"required_args": st.booleans()}),
    "action": st.sampled_from(("allow", "deny", "require_approval")),
}
_own_rules = st.fixed_dictionaries({}, optional=_parts)
_intercept_rules = st.fixed_dictionaries(
    {"name": st.just("r"), "action": st.sampled_from(("evaluate", "require_approval")), "conditions": conditions},
    optional={"on_deny": reasons, "rate_limit": st.just("7/hour")},
)
_counting_rules = st.just(
    {
        "conditions": [{"path": "state.create_td_node.made", "op": "lt", "value": 11}],
        "state": {"counter": "made", "window": "day", "increment_from": "args.price"},
        "on_deny": "enough",
    }
)
_rules = st.one_of(_own_rules, _intercept_rules)
_tool = st.one_of(
    _rules,
    st.fixed_dictionaries({"rules": st.lists(_rules, max_size=3)}),
    st.tuples(_own_rules, st.lists(_rules, max_size=2)).map(lambda both: {**both[0], "rules": both[1]}),
)
_tools = st.dictionaries(st.sampled_from((*TOOLS, "other/tool.x")), _tool, max_size=3)
_all_tools = st.one_of(
    st.fixed_dictionaries({}, optional={"limits": _limits}),
    st.fixed_dictionaries({}, optional={"limits": _limits, "deny_if": _clauses, "when": whens, "nodes": _nodes}),
    st.fixed_dictionaries({"rules": st.lists(_rules, max_size=2)}, optional={"limits": _limits}),
)
_hidden = st.one_of(st.just("*"), st.lists(st.sampled_from((*TOOLS, "*")), unique=True, max_size=2))
_stated: dict[str, st.SearchStrategy[Any]] = {"hide": _hidden, "all_tools": _all_tools, "tools": _tools}
documents = st.fixed_dictionaries(
    {"version": st.just("1")},
    optional={
        **_stated,
        "default": st.sampled_from(("allow", "deny", "require_approval")),
        "default_reason": reasons,
        "description": reasons,
        "grants": st.fixed_dictionaries(
            {},
            optional={
                "required": st.booleans(),
                "overlays": st.dictionaries(
                    st.sampled_from(("stage", "lab")), st.fixed_dictionaries({}, optional=_stated), max_size=2
                ),
            },
        ),
    },
)
one_tool = st.dictionaries(
    st.sampled_from(("require", "deny_if", "args", "nodes", "limits", "script")), st.none(), min_size=1, max_size=2
).flatmap(
    lambda keys: st.fixed_dictionaries({key: _parts[key] for key in keys}).map(
        lambda rule: {"version": "1", "tools": {"create_td_node": rule}}
    )
)
"""Policies that list one tool and ask little of it: what a single argument turns."""
counting = _counting_rules.map(lambda rule: {"version": "1", "tools": {"create_td_node": {"rules": [rule]}}})


def _cells(**columns: Any) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(*(columns.get(name, st.just("")) for name in COLUMNS))


_cell_limits = st.sampled_from(
    ("", "10/minute", "3 / 90 s; 100/hour", "2000 ms/minute", "5 args.price/day; 1/0.5 s", "50 fps", "2/min; 29.97 fps")
)
_cell_nodes = st.sampled_from(
    ("", "/project1", "/project1/show -/project1/show/audio strict", "-/project1/show", "/sys")
)
_cell_whens = st.sampled_from(
    (
        "perform_mode",
        "not perform_mode; risk != read",
        "hour < 18; op_type in textDAT, tableDAT",
        'grant = "a, b"',
        "grant = 'a'; caller contains 1",
        "args.list[0].n >= 2.5; not target path_in /project1/show",
        "script.lines > 10",
        'args["a.b"] exists false',
        "script.capabilities contains net",
        "args.x = null",
    )
)
_row_parts = {
    "limit": _cell_limits,
    "scope": st.sampled_from(("", "", "tool", "global", "grant")),
    "nodes": _cell_nodes,
    "reason": reasons.filter(lambda reason: reason == reason.strip()),
}
_row = _cells(
    tool=st.sampled_from(TOOLS),
    action=st.sampled_from(("allow", "deny", "ask")),
    script=st.sampled_from(("", "edit", "edit +td.delete -td.create ?td.code", "inspect +import(scipy) +net(a.com)")),
    when=st.one_of(st.just(""), _cell_whens),
    **_row_parts,
)
_rows_of_all = st.one_of(
    _cells(tool=st.just("*"), action=st.sampled_from(("allow", "deny", "ask")), **_row_parts),
    _cells(tool=st.just("*"), action=st.sampled_from(("deny", "ask")), when=_cell_whens, **_row_parts),
)
_hidden_rows = _cells(tool=st.sampled_from(("get_top_image", "get_td_info")), action=st.just("hide"))
tables = st.lists(st.one_of(_row, _row, _rows_of_all, _hidden_rows), max_size=6).map(lambda rows: [COLUMNS, *rows])


def loaded(document: Any) -> Policy | None:
    """The policy of a document; None where it does not load."""
    try:
        return load_document(json.dumps(document), "p.json").policy
    except PolicyError:
        return None


def loaded_table(rows: Any) -> Policy | None:
    """The policy of a table; None where it does not load."""
    try:
        return load_table(rows, "p.tsv").policy
    except PolicyError:
        return None

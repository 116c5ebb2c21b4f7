"""What the scripts of the corpus reach: without the guard, under it, and under its run-time layer alone.

    python3 scripts/effects_report.py                          prints the report
    python3 scripts/effects_report.py --write docs/effects.md  writes it

Linux only: see `tests/effects/test_deny_effects.py`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

if TYPE_CHECKING:
    from tests.effects.measure import Measured
    from tests.effects.scripts import Deny

ROOT = Path(__file__).resolve().parent.parent
_REPEATS = 5
_WAYS = ("unguarded", "guarded", "watched")

_HEAD = """\
# What the scripts of the corpus reach

Written by `scripts/effects_report.py`; do not edit. Measured with CPython {python} on the stand-in, with
`absTime.frame` at -1 so that the branches open that keep the scripts harmless, each script in a process of its own. A
*sink* is what tells that the harm was done: an audit event, a thread, the environment read, an attribute that leads
into the interpreter, an object that a script has no business to hold, text or an expression left where TouchDesigner
runs it, an operator destroyed, a device or a file named, the guard changed, more than 2 s, 200 MB or 256 K characters
of output. What can be stopped after its note is not done.

- **judged**: refused by the judgement alone, before anything runs.
- **without**: reached its sink with no guard at all. Those that did not are listed below: they show nothing.
- **watched**: with the judgement ignored, the watch and the executor's own world kept it from its sink. What is no text
  or no tree has nothing to run and is left out.
- **with**: reached a sink under the guard as it works, judged and watched.

Shares are of the scripts that reach a sink without the guard, in percent, with 95 % intervals (Wilson). Scripts on
which reasonable policies differ are not in the table. The corpus is one author's: the figures are of published
techniques, not of all there are, and an AST check in the same process is a guard rail and no sandbox.
"""
_CANNOT = """\
## What Python in the same process cannot stop

- One long call into C: a power of large numbers, a pattern that backtracks, a search through a huge text. No tick
  comes between. The judgement reads such costs from the text, and some operations are bounded while they run; what
  slips past both is ended by nothing.
- One large allocation. The watch sees no allocation; where the machine gives the memory, it is taken.
- An attribute that the interpreter gives to every object (`__class__`, `__globals__`): the watch looks at the members
  of TouchDesigner's objects and not at every attribute, for that would slow each one down. The judgement refuses them.
- What TouchDesigner does later or in C++: it is judged when it is set up.
"""


def main() -> int:
    """Measure, and print or write the report; 1 where a script reaches a sink under the guard and is not known to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", type=Path, help="the file to write")
    chosen = parser.parse_args()
    from tests.effects.known import GREY_REACHED, NOT_MEASURED, NOT_STOPPED
    from tests.effects.measure import measure
    from tests.effects.scripts import deny_scripts

    scripts = deny_scripts()
    runs = measure((one.id, one.family, way) for way in _WAYS for one in scripts)
    by_way: dict[str, dict[str, Measured]] = {way: {} for way in _WAYS}
    for run in runs:
        by_way[run.way][run.id] = run
    clear = [one for one in scripts if not one.grey]
    parts = [
        _HEAD.format(python=platform.python_version()),
        "## By family\n",
        _table(clear, by_way),
        "## Reached under the guard\n",
        _listed(clear, by_way["guarded"], NOT_STOPPED) or "None.\n",
        "Among the scripts on which reasonable policies differ, those that are allowed:\n",
        _listed([one for one in scripts if one.grey], by_way["guarded"], GREY_REACHED) or "None.\n",
        _CANNOT,
        "## What only the judgement stops\n",
        "With the judgement ignored, these reach a sink; under the guard none of them runs.\n",
        _listed([one for one in clear if not by_way["guarded"][one.id].sinks], by_way["watched"], {}) or "None.\n",
        "## Not measured\n\nThese reach no sink without the guard either.\n",
        "\n".join(f"- `{name}`: {reason}" for name, reason in NOT_MEASURED.items()) + "\n",
        _allowed(),
    ]
    report = "\n".join(parts)
    if chosen.write is None:
        print(report)
    else:
        chosen.write.parent.mkdir(parents=True, exist_ok=True)
        chosen.write.write_text(report, encoding="utf-8")
    unknown = [one.id for one in clear if by_way["guarded"][one.id].sinks and one.id not in NOT_STOPPED]
    silent = [one.id for one in clear if not by_way["unguarded"][one.id].sinks and one.id not in NOT_MEASURED]
    for name in unknown:
        print(f"{name} reaches {by_way['guarded'][name].sinks}", file=sys.stderr)
    for name in silent:
        print(f"{name} reaches nothing without the guard and is not listed", file=sys.stderr)
    return 1 if unknown or silent else 0


def _table(clear: Sequence[Deny], by_way: Mapping[str, Mapping[str, Measured]]) -> str:
    families: dict[tuple[str, str], list[Deny]] = defaultdict(list)
    for one in clear:
        families[one.scope, one.family].append(one)
    lines = [
        "| | family | scripts | judged | without | watched | with |",
        "|---|---|---|---|---|---|---|",
    ]
    for (scope, family), members in sorted(families.items()):
        lines.append(_row(scope, family, members, by_way))
    for scope in ("python", "td"):
        lines.append(_row(scope, "**all**", [one for one in clear if one.scope == scope], by_way))
    return "\n".join(lines) + "\n"


def _row(scope: str, family: str, members: Sequence[Deny], by_way: Mapping[str, Mapping[str, Measured]]) -> str:
    measured = [one.id for one in members if by_way["unguarded"][one.id].sinks]
    judged = sum(by_way["guarded"][name].end.startswith("refused") for name in measured)
    ran = [by_way["watched"][name] for name in measured if not by_way["watched"][name].end.startswith("refused")]
    watched = sum(not run.sinks for run in ran)
    reached = sum(bool(by_way["guarded"][name].sinks) for name in measured)
    count = len(measured)
    shares = [_share(judged, count), f"{count} of {len(members)}", _share(watched, len(ran)), _share(reached, count)]
    return f"| {scope} | {family} | {len(members)} | {' | '.join(shares)} |"


def _share(hits: int, count: int) -> str:
    from tests.effects.intervals import wilson

    if count == 0:
        return "-"
    low, high = wilson(hits, count)
    return f"{100 * hits / count:.0f} ({100 * low:.0f}-{100 * high:.0f})"


def _listed(scripts: Iterable[Deny], runs: Mapping[str, Measured], reasons: Mapping[str, str]) -> str:
    lines = []
    for one in scripts:
        sinks = runs[one.id].sinks
        if sinks:
            why = f" ({reasons[one.id]})" if one.id in reasons else ""
            told = "; ".join(sink[:70] for sink in sinks[:2])
            lines.append(f"- `{one.id}`, {one.technique}: {told}{why}")
    return "\n".join(lines) + ("\n" if lines else "")


def _allowed() -> str:
    """The allowed scripts: what differs under the guard, and what the guard costs."""
    import td_extension.script
    from td_extension.script.catalog_text import load_catalog
    from tests.effects.plain_run import differences, run_guarded, run_plainly
    from tests.effects.scripts import CORPUS, allow_scripts

    catalog = load_catalog((Path(td_extension.script.__file__).parent / "catalog.json").read_text(encoding="utf-8"))
    same, differing, refused, plain_s, guarded_s = 0, [], [], 0.0, 0.0
    for name, file in allow_scripts():
        text = (CORPUS / file).read_text(encoding="utf-8")
        plain, guarded = run_plainly(text), run_guarded(text, catalog)
        if guarded is None:
            refused.append(name)
        elif told := differences(plain, guarded):
            differing.append(f"- `{name}`: {guarded.end if guarded.end != plain.end else told[0]}")
        else:
            same += 1
            again = [(run_plainly(text), run_guarded(text, catalog)) for _ in range(_REPEATS)]
            plain_s += min(one.seconds for one, _ in again)
            guarded_s += min(other.seconds for _, other in again if other is not None)
    count = same + len(differing) + len(refused)
    told = [
        "## The scripts to allow\n",
        f"{same} of {count} leave the same operators, parameters, texts and wires and give the same result and",
        f"output as one plain run, in {guarded_s / plain_s:.1f} times its time (sums over the corpus of the best of",
        f"{_REPEATS}, without the judgement, which is cached). {len(refused)} are refused before they run:",
        f"{', '.join(f'`{name}`' for name in refused) or 'none'}.\n",
    ]
    return "\n".join([*told, *(["These differ:\n", *differing, ""] if differing else [])])


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.exit(main())

"""What the static judge says about every script whose verdict is known: per family, how many it stops, and why.

    python3 scripts/corpus_report.py [--write | --check]

Prints Markdown. ``--write`` puts it into docs/verdicts.md; ``--check`` fails where that file says something else.
The rates are those of the judge alone: what it lets pass with a mark may still be stopped at run time.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import argparse
import collections
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import environment

if TYPE_CHECKING:
    from td_extension.script.report import Use
    from tests.script.corpora import Script

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "docs" / "verdicts.md"
_UNKNOWN = {"unknown-name", "unknown-member"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A script and what was said about it.

    Attributes:
        script: the script.
        refused: the uses for which it is refused under `edit`, in the order of the text.
        unreadable: whether its bytes are no text at all.
    """

    script: Script
    refused: tuple[Use, ...]
    unreadable: bool

    @property
    def denied(self) -> bool:
        """Whether it is refused."""
        return self.unreadable or bool(self.refused)

    @property
    def reason(self) -> str:
        """The code of the first refusal, and the capability that is missing."""
        if self.unreadable:
            return "script-text"
        first = self.refused[0]
        return first.code.value + (f" {first.needs.value}" if first.needs is not None else "")

    @property
    def only_unknown(self) -> bool:
        """Whether all that is held against it is that a name or a member is not known."""
        return bool(self.refused) and all(use.code.value in _UNKNOWN for use in self.refused)


def judged(scripts: Iterable[Script]) -> Iterator[Judged]:
    """Each script with what is said about it."""
    import td_extension.script
    from td_extension.policy.script_rule import PROFILES
    from td_extension.script.analyse import analyse
    from td_extension.script.catalog_text import load_catalog
    from td_extension.values import Capability
    from tests.script.corpora import GUARD

    file = Path(td_extension.script.__file__).parent / "catalog.json"
    catalog = load_catalog(file.read_text(encoding="utf-8"))
    granted = PROFILES["edit"] - {Capability.GUARD}
    for script in scripts:
        uses = analyse(script.text, catalog, GUARD).uses if script.text is not None else ()
        refused = tuple(use for use in uses if use.needs is None or use.needs not in granted)
        yield Judged(script, refused, script.text is None)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a rate, by Wilson's score: it says something also where all or none were hit."""
    z, rate = 1.959964, hits / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def report() -> str:
    """The whole report."""
    from tests.script import corpora
    from tests.script.verdicts import DECIDED_AT_RUN_TIME, GREY, HONEST_BUT_REFUSED

    found = list(judged([*corpora.given(), *corpora.own()]))
    of_us = [one for one in found if one.script.own]
    deny = [one for one in found if not one.script.own and one.script.expect == "deny"]
    allow = [one for one in found if not one.script.own and one.script.expect == "allow"]
    clear_deny = [one for one in deny if not one.script.grey and one.script.decidable]
    clear_allow = [one for one in allow if not one.script.grey]
    return "\n".join(
        [
            "# Verdicts of the static judge",
            "",
            "Made by `scripts/corpus_report.py`; a test holds it up to date. Profile: `edit`. *n* counts scripts, and",
            "an interval is Wilson's at 95 %. These are rates on the scripts by which the judge was made, and so say",
            "what is covered, not what it would stop of what it never saw. *Only unknown* counts scripts denied for",
            "nothing but a name or member that is not known: **that is no detection**, and each is listed below.",
            "",
            "## Rates",
            "",
            *_table(
                ("scripts", "n", "denied", "95 %"),
                [
                    ("to deny, decidable by their text, not grey", *_rate(clear_deny)),
                    ("to deny, all", *_rate(deny)),
                    ("honest, not grey", *_rate(clear_allow)),
                    ("honest, all", *_rate(allow)),
                    *((f"our own, `{family}`", *_rate(group)) for family, group in _families(of_us)),
                ],
            ),
            "",
            "## Scripts to deny",
            "",
            *_by_family(deny),
            "",
            "## Honest scripts",
            "",
            *_by_family(allow),
            "",
            "## Why, by family",
            "",
            "The first refusal of each script that is denied.",
            "",
            *_reasons(found),
            "",
            "## Denied only because something is not known",
            "",
            *_unknown(found),
            "",
            "## Decided at run time",
            "",
            *_listed(DECIDED_AT_RUN_TIME),
            "",
            "## Passed, though their text cannot tell",
            "",
            *_listed({one.script.id: one.script.family for one in deny if not one.script.decidable and not one.denied}),
            "",
            "## Honest, but refused",
            "",
            *_listed(HONEST_BUT_REFUSED),
            "",
            "## Grey: reasonable policies differ, and this is what we decide",
            "",
            *_table(("script", "verdict", "why"), [(f"`{name}`", *entry) for name, entry in GREY.items()]),
            "",
        ]
    )


def _rate(group: Sequence[Judged]) -> tuple[str, str, str]:
    if not group:
        return "0", "", ""
    denied = sum(one.denied for one in group)
    low, high = wilson(denied, len(group))
    return str(len(group)), f"{denied} ({denied / len(group):.1%})", f"{low:.1%} to {high:.1%}"


def _families(group: Iterable[Judged]) -> list[tuple[str, list[Judged]]]:
    families: dict[str, list[Judged]] = {}
    for one in group:
        families.setdefault(one.script.family, []).append(one)
    return sorted(families.items())


def _by_family(group: Sequence[Judged]) -> list[str]:
    rows = [
        (family, *_rate(members), str(sum(one.only_unknown for one in members) or ""))
        for family, members in _families(group)
    ]
    return _table(("family", "n", "denied", "95 %", "only unknown"), rows)


def _reasons(found: Sequence[Judged]) -> list[str]:
    counts: dict[str, collections.Counter[str]] = {}
    for one in found:
        if one.denied:
            counts.setdefault(one.reason, collections.Counter())[one.script.family] += 1
    rows = [
        (reason, str(families.total()), ", ".join(f"{family} {count}" for family, count in sorted(families.items())))
        for reason, families in sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    ]
    return _table(("code and capability", "n", "families"), rows)


def _unknown(found: Sequence[Judged]) -> list[str]:
    rows = [
        (f"`{one.script.id}`", one.script.expect, ", ".join(f"`{what}`" for what in dict.fromkeys(_what(one))))
        for one in found
        if one.only_unknown
    ]
    return _table(("script", "expected", "what is not known"), rows) if rows else ["None."]


def _what(one: Judged) -> Iterator[str]:
    for use in one.refused:
        yield use.what.replace("|", "\\|")


def _listed(entries: dict[str, str]) -> list[str]:
    return [f"- `{name}`: {why}" for name, why in entries.items()] or ["None."]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:]]


def main() -> int:
    """Print, write or check the report; 1 where the published one is out of date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help="write docs/verdicts.md")
    choice.add_argument("--check", action="store_true", help="fail where it is out of date")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    text = report()
    if options.write:
        PUBLISHED.parent.mkdir(exist_ok=True)
        PUBLISHED.write_text(text, encoding="utf-8", newline="\n")
    elif options.check:
        if not PUBLISHED.exists() or PUBLISHED.read_text(encoding="utf-8") != text:
            print("docs/verdicts.md is out of date: run scripts/corpus_report.py --write", file=sys.stderr)
            return 1
    else:
        print(text)
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())

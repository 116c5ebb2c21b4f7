"""Which rule of the static judge is proven by which script.

    python3 scripts/mutate_rules.py [--only judge.py …] [--sample N] [--by-name] [--json FILE]
    python3 scripts/mutate_rules.py --earlier COMMIT

Each rule is taken out of a copy of the judge, one at a time, and all scripts of `tests/corpus` and `tests/corpus_own`
are judged again. A mutant by which no verdict changes survives: its rule is dead, or no script proves it. Two thousand
mutants take some ten minutes on two cores. With ``--earlier`` it tells instead which scripts of our own an earlier
commit decided wrongly.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import argparse
import collections
import dataclasses
import functools
import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import catalog_mutants
import environment
import mutant_pool
import mutant_runner
import mutants
from mutant_runner import Sentence
from mutants import Mutant

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant.

    Attributes:
        mutant: the mutant.
        killed_by: the scripts whose verdict it changes.
        told_by: the scripts about which it says something else, at the same verdict.
        broken: why it judges nothing at all; empty where it does.
    """

    mutant: Mutant
    killed_by: tuple[str, ...]
    told_by: tuple[str, ...]
    broken: str = ""

    @property
    def survives(self) -> bool:
        """Whether no verdict shows that a rule is missing."""
        return not self.killed_by and not self.broken


def fate(
    mutant: Mutant,
    *,
    sources: Mapping[str, str],
    texts: Mapping[str, str | None],
    guard: Sequence[str],
    before: Mapping[str, Sentence],
) -> Fate:
    """Judge all scripts by a mutant."""
    after = mutant_runner.sentences_of_mutant(mutant, sources, texts, guard)
    if isinstance(after, str):
        return Fate(mutant, (), (), after)
    killed = tuple(name for name, said in after.items() if said.verdict != before[name].verdict)
    told = tuple(name for name, said in after.items() if said.verdict == before[name].verdict and said != before[name])
    return Fate(mutant, killed, told)


def fate_in_a_process(mutant: Mutant, **given: Any) -> Fate:
    """`fate`, in a process whose memory is bounded from then on."""
    mutant_runner.bound_memory()
    return fate(mutant, **given)


def endless(mutant: Mutant) -> Fate:
    """What became of a mutant that does not end."""
    return Fate(mutant, (), (), f"does not end within {mutant_pool.MAX_S:.0f} s")


def chosen(sources: Mapping[str, str], only: Sequence[str], by_name: bool, sample: int | None) -> list[Mutant]:
    """The mutants to try; a sample is the same in every run."""
    found: list[Mutant] = []
    for module in mutant_runner.judging_modules(sources):
        if not only or Path(module).name in only:
            found += mutants.mutants_of(module, sources[f"{mutant_runner.PACKAGE}/{module}"])
    if not only or Path(catalog_mutants.FILE).name in only:
        found += catalog_mutants.mutants_of(sources[mutant_runner.CATALOG], by_name=by_name)
    if sample is not None and sample < len(found):
        found = random.Random(0).sample(found, sample)  # noqa: S311 - which mutants are tried is no secret
    return found


def report(fates: Sequence[Fate], own: Sequence[str]) -> str:
    """What a person reads, as Markdown."""
    survivors = sorted((fate for fate in fates if fate.survives), key=lambda fate: (fate.mutant.file, fate.mutant.line))
    silent = [fate for fate in survivors if not fate.told_by]
    broken = [fate for fate in fates if fate.broken]
    lines = [
        f"{len(fates)} mutants: {len(fates) - len(survivors)} killed ({len(broken)} of them judge nothing at all), "
        f"{len(survivors)} survive, {len(silent)} of those say the same about every script.",
        "",
        "## Survivors",
        "",
        "`=` says the same about every script; `~` gives some script another reason, at the same verdict.",
    ]
    by_file = collections.Counter(fate.mutant.file for fate in survivors)
    tried = collections.Counter(fate.mutant.file for fate in fates)
    for file in sorted(tried):
        lines += ["", f"### {file}: {by_file[file]} of {tried[file]}", ""]
        lines += [
            f"- {'~' if fate.told_by else '='} {fate.mutant}: `{fate.mutant.source[:110]}`"
            for fate in survivors
            if fate.mutant.file == file
        ]
    alone: dict[str, list[Mutant]] = {name: [] for name in own}
    for one in fates:
        if len(one.killed_by) == 1 and one.killed_by[0] in alone:
            alone[one.killed_by[0]].append(one.mutant)
    lines += ["", "## Scripts of our own, and the mutants that only they kill", ""]
    lines += [
        f"- {name}: {len(found)}: " + "; ".join(map(str, found[:4])) + (" …" if len(found) > 4 else "")
        for name, found in alone.items()
        if found
    ]
    idle = [name for name, found in alone.items() if not found]
    lines += ["", f"{len(own) - len(idle)} of {len(own)} kill a mutant that nothing else kills. The others: "]
    return "\n".join([*lines, ", ".join(idle) or "none", ""])


def earlier(commit: str, scripts: Mapping[str, str | None], expected: Mapping[str, str], guard: Sequence[str]) -> str:
    """Which scripts an earlier commit decided wrongly."""
    said = mutant_runner.sentences(mutant_runner.snapshot_of(ROOT, commit), scripts, guard)
    wrong = [name for name, sentence in said.items() if sentence.verdict != expected[name]]
    return "\n".join([f"{commit} decided {len(wrong)} of {len(said)} scripts of our own wrongly:", *wrong, ""])


def main() -> int:
    """Print the report; 0 whatever it says."""
    sys.path.insert(0, str(ROOT))
    from tests.script.corpora import GUARD, given, own

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE", help="names of modules, or catalog.json")
    parser.add_argument("--sample", type=int, metavar="N", help="try so many, drawn at random")
    parser.add_argument("--by-name", action="store_true", help="weaken every single name of the catalog too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every mutant with what killed it")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--earlier", metavar="COMMIT", help="tell what this commit decided wrongly")
    options = parser.parse_args()

    ours = own()
    if options.earlier:
        expected = {script.id: script.expect for script in ours}
        print(earlier(options.earlier, {script.id: script.text for script in ours}, expected, GUARD))
        return 0
    texts = {script.id: script.text for script in [*given(), *ours]}
    sources = mutant_runner.snapshot(ROOT)
    before = mutant_runner.sentences(sources, texts, GUARD)
    todo = chosen(sources, options.only, options.by_name, options.sample)
    try_one = functools.partial(fate_in_a_process, sources=sources, texts=texts, guard=GUARD, before=before)
    fates = []
    for one in mutant_pool.results(try_one, endless, todo, options.processes):
        fates.append(one)
        if sys.stderr.isatty() and len(fates) % 20 == 0:
            print(f"{len(fates)} of {len(todo)}", end="\r", file=sys.stderr, flush=True)
    print(report(fates, [script.id for script in ours]))
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(one) for one in fates], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())

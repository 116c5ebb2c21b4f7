"""Which rule of the static judge is proven by which script.

    python3 scripts/mutate_rules.py [--only judge.py …] [--sample N] [--by-name] [--json FILE]
    python3 scripts/mutate_rules.py --statements [--only judge.py …]
    python3 scripts/mutate_rules.py --earlier COMMIT

Each rule is taken out of a copy of the judge, one at a time, and all scripts of `tests/corpus` and `tests/corpus_own`
are judged again. A mutant by which no verdict changes survives: its rule is dead, or no script proves it. A verdict is
that of the profile `edit`; what `edit` allows is judged by every narrower policy too, what it denies by the widest. Two
thousand mutants take some ten minutes on two cores. With ``--statements`` only whole statements are left out, and
each must have a script, or stand in `reviewed_rules.yaml` with the reason why none can tell. With ``--earlier`` it
tells instead which scripts of our own an earlier commit decided wrongly.
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
import reviewed_rules
from mutant_runner import Sentence
from mutants import Mutant
from reviewed_rules import Reviewed

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
    killed = tuple(name for name, said in after.items() if said.decides != before[name].decides)
    told = tuple(name for name, said in after.items() if said.decides == before[name].decides and said != before[name])
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


def statements(sources: Mapping[str, str], only: Sequence[str]) -> list[Mutant]:
    """The mutants that leave out a whole statement of a rule."""
    modules = [module for module in mutant_runner.judging_modules(sources) if not only or Path(module).name in only]
    return [
        one
        for module in modules
        for one in mutants.mutants_of(module, sources[f"{mutant_runner.PACKAGE}/{module}"])
        if one.kind == mutants.STATEMENT
    ]


def tried(
    todo: Sequence[Mutant],
    sources: Mapping[str, str],
    texts: Mapping[str, str | None],
    guard: Sequence[str],
    processes: int,
) -> list[Fate]:
    """What became of each mutant, in no particular order."""
    before = mutant_runner.sentences(sources, texts, guard)
    try_one = functools.partial(fate_in_a_process, sources=sources, texts=texts, guard=guard, before=before)
    fates = []
    for one in mutant_pool.results(try_one, endless, todo, processes):
        fates.append(one)
        if sys.stderr.isatty() and len(fates) % 20 == 0:
            print(f"{len(fates)} of {len(todo)}", end="\r", file=sys.stderr, flush=True)
    return fates


def statement_report(fates: Sequence[Fate], sources: Mapping[str, str], review: Sequence[Reviewed]) -> tuple[str, bool]:
    """What a person reads about the statements of the rules, and whether each is covered or reviewed.

    Reviewed statements of modules that were not tried are not looked at.
    """
    found = {one.mutant: reviewed_rules.statement_of(sources[f"{mutant_runner.PACKAGE}/{one.mutant.file}"], one.mutant)
             for one in fates}  # fmt: skip
    reviewed = {one.statement: one for one in review}
    files = {one.mutant.file for one in fates}
    open_ones = [one for one in fates if one.survives and found[one.mutant] not in reviewed]
    named = [reviewed[found[one.mutant]] for one in fates if one.survives and found[one.mutant] in reviewed]
    idle = [one for one in review if one.statement.file in files and one not in named]
    broken = sum(1 for one in fates if one.broken)
    kinds = collections.Counter(one.kind for one in named)
    lines = [
        f"{len(fates)} rule statements: {len(fates) - len(named) - len(open_ones)} have a script ({broken} of them end "
        f"or break the judge when left out), {len(named)} are reviewed, {len(open_ones)} are neither.",
        "",
        *(f"- {kind}: {kinds[kind]}" for kind in sorted(kinds)),
        "",
        *(f"- {one.statement}: {one.kind}. {one.reason}" for one in named),
        *(f"- NEITHER {one.mutant} in {found[one.mutant].function}: `{one.mutant.source[:110]}`" for one in open_ones),
        *(f"- IDLE, it has a script or is no more: {one.statement}" for one in idle),
        "",
    ]
    return "\n".join(lines), not open_ones and not idle


def main() -> int:
    """Print the report; 1 where a statement that had to be covered is neither covered nor reviewed, else 0."""
    sys.path.insert(0, str(ROOT))
    from tests.script.corpora import GUARD, given, own

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE", help="names of modules, or catalog.json")
    parser.add_argument("--sample", type=int, metavar="N", help="try so many, drawn at random")
    parser.add_argument("--by-name", action="store_true", help="weaken every single name of the catalog too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every mutant with what killed it")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--statements", action="store_true", help="only statements; 1 where one is not covered")
    parser.add_argument("--earlier", metavar="COMMIT", help="tell what this commit decided wrongly")
    options = parser.parse_args()

    ours = own()
    if options.earlier:
        expected = {script.id: script.expect for script in ours}
        print(earlier(options.earlier, {script.id: script.text for script in ours}, expected, GUARD))
        return 0
    texts = {script.id: script.text for script in [*given(), *ours]}
    sources = mutant_runner.snapshot(ROOT)
    if options.statements:
        fates = tried(statements(sources, options.only), sources, texts, GUARD, options.processes)
        said, is_complete = statement_report(fates, sources, reviewed_rules.load())
        print(said)
        return 0 if is_complete else 1
    fates = tried(
        chosen(sources, options.only, options.by_name, options.sample), sources, texts, GUARD, options.processes
    )
    print(report(fates, [script.id for script in ours]))
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(one) for one in fates], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())

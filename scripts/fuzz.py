"""Looks for a text that the guard cannot stand, led by what the guard's code does with it.

    python3 scripts/fuzz.py [--target script|gate] [--minutes N] [--corpus FOLDER] [--seed N]
    python3 scripts/fuzz.py --text FILE        # one text, to see a finding again

``script``: every script must get a report in its time, and what is judged must compile when it is instrumented
(`tests/script/invariants.py`). ``gate``: every request must get an answer in its time, nothing may escape, and what is
forwarded must be canonical (`tests/request_fuzz.py`). The search begins with the scripts of both corpora and the
hostile texts, or with requests by chance. It stops at the first finding, prints it, and leaves it in the folder, which
also keeps what was found worth trying, for the next run. At its end it prints the largest memory that it took.

Needs atheris, which is built for CPython on Linux (x86-64): ``pip install -e .[fuzz]``. Elsewhere the slow part of
`tests/script/test_any_text.py`, and `tests/test_request_fuzz.py`, search without its lead.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import argparse
import hashlib
import importlib.util
import random
import warnings
from collections.abc import Callable

import environment

ROOT = Path(__file__).resolve().parent.parent
MAX_LENGTH = 8 * 1024
"""Longer texts find nothing that shorter ones would not, and take the time of many."""


class Finding(Exception):
    """A text for which something does not hold."""


def gate_checker() -> Callable[[str], None]:
    """What answers a request that is kept as a text, and raises `Finding` where something does not hold."""
    from tests.request_fuzz import Gatekeeper, from_text
    from tests.script.hostile_texts import machine_factor

    keeper = Gatekeeper()
    factor = 4 * machine_factor()  # the code that is followed runs at about a quarter of its speed

    def check(text: str) -> None:
        request = from_text(text)
        told = keeper.broken_invariants(request)
        slow = keeper.over_time(request, factor)
        if told or slow:
            raise Finding("; ".join([*told, slow]).strip("; "))

    return check


def script_checker() -> Callable[[str], None]:
    """What judges a text, and raises `Finding` where something does not hold."""
    import td_extension.script
    from td_extension.script.catalog_text import load_catalog
    from td_extension.script.instrument import watched_members
    from tests.script.hostile_texts import machine_factor
    from tests.script.invariants import broken_invariants, over_time

    file = Path(td_extension.script.__file__).parent / "catalog.json"
    catalog = load_catalog(file.read_text(encoding="utf-8"))
    watched = watched_members(catalog)
    factor = 4 * machine_factor()  # the code that is followed runs at about a quarter of its speed

    def check(text: str) -> None:
        told = broken_invariants(text, catalog, watched)
        slow = over_time(text, catalog, factor)
        if told or slow:
            raise Finding("; ".join([*told, slow]).strip("; "))

    return check


CHECKERS = {"script": script_checker, "gate": gate_checker}


def beginning(target: str) -> list[str]:
    """The texts where the search begins."""
    from tests.script import corpora, hostile_texts

    if target == "gate":
        from tests.request_fuzz import as_text, by_chance

        return [as_text(by_chance(random.Random(number))) for number in range(2_000)]  # noqa: S311 - not for secrets
    texts = [script.text for script in [*corpora.given(), *corpora.own()] if script.text]
    return texts + [text for _, text in hostile_texts.texts((60, 150))]


def seed(folder: Path, target: str) -> int:
    """Write the texts where the search begins to the folder; how many there are."""
    texts = beginning(target)
    for text in texts:
        data = text.encode("utf-8", "replace")
        if len(data) <= MAX_LENGTH:
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return len(texts)


def search(folder: Path, target: str, seconds: int, seed_number: int) -> None:
    """Search until the time is over; does not return."""
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    # Before anything else imports the judge: what is loaded already is not followed.
    with atheris.instrument_imports(include=["td_extension"]):
        check = CHECKERS[target]()
    print(f"beginning with {seed(folder, target)} texts, in {folder}", flush=True)
    from tests.request_fuzz import as_text, by_chance
    from tests.script.random_texts import cut_up, program

    scripts = beginning(target)

    def one(data: bytes) -> None:
        check(data.decode("utf-8", "replace"))

    def mutate(data: bytes, max_size: int, number: int) -> bytes:
        """Half of the changes are the fuzzer's own; the others keep to tokens, lines, or the grammar of the target."""
        source = random.Random(number)  # noqa: S311 - the fuzzer gives the number
        choice = source.random()
        if choice < 0.5:
            return bytes(atheris.Mutate(data, max_size))
        text = data.decode("utf-8", "replace")
        if choice < 0.55:
            made = program(source) if target == "script" else as_text(by_chance(source))
        else:
            made = cut_up(source, [text, text, source.choice(scripts)])
        return made.encode("utf-8", "replace")[:max_size]

    arguments = [
        sys.argv[0],
        str(folder),
        f"-max_total_time={seconds}",
        f"-max_len={MAX_LENGTH}",
        f"-seed={seed_number}",
        f"-artifact_prefix={folder}/finding-",
        "-timeout=30",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, one, custom_mutator=mutate, internal_libfuzzer=True)
    atheris.Fuzz()


def main() -> int:
    """Search, or judge one text; 1 with a finding, 2 where there is no atheris."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--target", choices=sorted(CHECKERS), default="script")
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N")
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="build/fuzz/TARGET otherwise")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="0 for another search each time")
    parser.add_argument("--text", type=Path, metavar="FILE", help="judge this text, as a finding left it")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("ignore")  # texts by chance compare with `is`, and Python warns as it compiles them

    if options.text:
        try:
            CHECKERS[options.target]()(options.text.read_bytes().decode("utf-8", "replace"))
        except Finding as finding:
            print(finding)
            return 1
        print("nothing to find")
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(
            "fuzz.py: atheris is not installed here. It is built for CPython on Linux (x86-64): "
            "pip install -e .[fuzz]. Elsewhere run: pytest -m slow tests/script/test_any_text.py",
            file=sys.stderr,
        )
        return 2
    folder = options.corpus or ROOT / "build" / "fuzz" / options.target
    folder.mkdir(parents=True, exist_ok=True)
    search(folder, options.target, max(1, round(options.minutes * 60)), options.seed)
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())

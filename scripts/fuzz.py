"""Looks for a text that the static judge cannot stand, led by what the judge's code does with it.

    python3 scripts/fuzz.py [--minutes N] [--corpus FOLDER] [--seed N]
    python3 scripts/fuzz.py --text FILE        # one text, to see a finding again

Every text must get a report in its time, and what is judged must compile when it is instrumented
(`tests/script/invariants.py`). The scripts of both corpora and the hostile texts are where the search begins. It stops
at the first finding, prints it, and leaves it in the folder; the folder also keeps what was found worth trying, for
the next run.

Needs atheris, which is built for CPython on Linux (x86-64): ``pip install -e .[fuzz]``. Elsewhere the slow part of
`tests/script/test_any_text.py` searches without its lead.
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


def checker() -> Callable[[str], None]:
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


def seed(folder: Path) -> int:
    """Write the texts where the search begins to the folder; how many there are."""
    from tests.script import corpora, hostile_texts

    texts = [script.text for script in [*corpora.given(), *corpora.own()] if script.text]
    texts += [text for _, text in hostile_texts.texts((60, 150))]
    for text in texts:
        data = text.encode("utf-8", "replace")
        if len(data) <= MAX_LENGTH:
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return len(texts)


def search(folder: Path, seconds: int, seed_number: int) -> None:
    """Search until the time is over; does not return."""
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    # Before anything else imports the judge: what is loaded already is not followed.
    with atheris.instrument_imports(include=["td_extension"]):
        check = checker()
    print(f"beginning with {seed(folder)} texts, in {folder}", flush=True)
    from tests.script import corpora
    from tests.script.random_texts import cut_up, program

    scripts = [script.text for script in [*corpora.given(), *corpora.own()] if script.text]

    def one(data: bytes) -> None:
        check(data.decode("utf-8", "replace"))

    def mutate(data: bytes, max_size: int, number: int) -> bytes:
        """Half of the changes are the fuzzer's own; the others keep to tokens, lines or Python's grammar."""
        source = random.Random(number)  # noqa: S311 - the fuzzer gives the number
        choice = source.random()
        if choice < 0.5:
            return bytes(atheris.Mutate(data, max_size))
        text = data.decode("utf-8", "replace")
        made = program(source) if choice < 0.55 else cut_up(source, [text, text, source.choice(scripts)])
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
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N")
    parser.add_argument("--corpus", type=Path, default=ROOT / "build" / "fuzz", metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="0 for another search each time")
    parser.add_argument("--text", type=Path, metavar="FILE", help="judge this text, as a finding left it")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("ignore")  # texts by chance compare with `is`, and Python warns as it compiles them

    if options.text:
        try:
            checker()(options.text.read_bytes().decode("utf-8", "replace"))
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
    options.corpus.mkdir(parents=True, exist_ok=True)
    search(options.corpus, max(1, round(options.minutes * 60)), options.seed)
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.exit(main())

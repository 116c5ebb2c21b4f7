"""Texts made to exhaust whoever parses them (script_guards.md section 2.6), and the child that judges them.

    python -m tests.script.hostile_texts STACK_KB RECURSION_LIMIT [--memory] [--after NAME]

The child judges each text in a thread of that stack, and writes a line of JSON before and one after each: where it
dies, the text that killed it is the one that was begun and not ended.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import td_extension.script
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import load_catalog
from td_extension.script.instrument import instrument, watched_members
from td_extension.script.text import MAX_BYTES, MAX_TOKENS

GUARD = ("/project1/PolicyGuard",)
MAX_JUDGED_MS, MAX_UNPARSED_MS = 60.0, 10.0
"""DESIGN section 8: any accepted text within 60 ms, and one that is refused unparsed within 10 ms."""
_NOMINAL_LOOP_MS = 0.03  # what the loop below takes on the kind of machine on which the budgets were set
_ATTEMPTS = 5

CHAINS: dict[str, Callable[[int], str]] = {
    "unary minus": lambda n: "-" * n + "1",
    "unary minus, spaced": lambda n: "- " * n + "1",
    "unary minus, on many lines": lambda n: "(" + "-\n" * n + "1)",
    "unary minus, continued lines": lambda n: "-\\\n" * n + "1",
    "unary mixture": lambda n: "-+~" * (n // 3) + "1",
    "unary minus in an f-string": lambda n: "f'{" + "-" * n + "1}'",
    "unary minus in a format spec": lambda n: "f'{1:{" + "-" * n + "1}}'",
    "unary minus in an argument": lambda n: "print(1, end=" + "-" * n + "1)",
    "unary minus in a pattern": lambda n: "match 1:\n case " + "-" * n + "1: pass",
    "unary minus in an annotation": lambda n: "x: " + "-" * n + "1 = 1",
    "unary minus in a default": lambda n: "def f(x=" + "-" * n + "1): pass",
    "unary minus in a decorator": lambda n: "@" + "-" * n + "1\ndef f(): pass",
    "unary minus unfinished": lambda n: "-" * n,
    "unary minus after strings": lambda n: "'#' '''\n''' \"\\\"\" r'\\' + " + "-" * n + "1",
    "unary minus after a brace in a field": lambda n: "f'{\"}\" + " + "-" * n + "1}'",
    "unary minus after a quote in an f-string": lambda n: "f\"it's {" + "-" * n + "1} it's\"",
    "unary minus in a triple f-string": lambda n: 'f"""{\n' + "-" * n + '1}"""',
    "unary minus in an f-string of a field": lambda n: "f'{f\"{" + "-" * n + "1}\"}'",
    "unary minus in a raw f-string": lambda n: "Rf'{" + "-" * n + "1}'",
    "unary minus after a comment in a bracket": lambda n: "(# '\n" + "-" * n + "1 # '\n)",
    "not": lambda n: "not " * n + "1",
    "not in brackets": lambda n: "(" + "not " * n + "1)",
    "not and minus": lambda n: "not -" * (n // 2) + "1",
    "await": lambda n: "async def f():\n " + "await " * n + "1",
    "power": lambda n: "1" + "**1" * n,
    "power of minus": lambda n: "1" + "**-1" * (n // 2),
    "plus": lambda n: "1" + "+1" * n,
    "plus of strings": lambda n: "x = ''" + " + 'a'" * n,
    "mixture of operators": lambda n: "1" + "+1*1-1|1&1^1@1" * (n // 7),
    "plus at the end": lambda n: "1+" * n,
    "members": lambda n: "a" + ".a" * n,
    "members, spaced": lambda n: "(a" + "\n.a" * n + ")",
    "members of a parameter": lambda n: "op('a').par" + ".par" * n,
    "members of a number": lambda n: "1.0" + ".a" * n,
    "members of an int": lambda n: "0xf" + " .a" * n,
    "members of a string": lambda n: "'a'" + ".a" * n,
    "members in a pattern": lambda n: "match 1:\n case a" + ".a" * n + ": pass",
    "members stored": lambda n: "a" + ".a" * n + " = 1",
    "members of a module": lambda n: "import math\nmath" + ".pi" * n,
    "imports of inner modules": lambda n: "import a" + ".a" * n,
    "calls": lambda n: "a" + "()" * n,
    "items": lambda n: "a" + "[0]" * n,
    "calls of members": lambda n: "op('a')" + ".op('b')" * n,
    "lambda": lambda n: "lambda:" * n + "1",
    "lambda with defaults": lambda n: "lambda x=" * n + "1" + ":1" * n,
    "conditions": lambda n: "1 if 1 else " * n + "1",
    "conditions without blanks": lambda n: "1if 1else " * n + "1",
    "conditions of strings": lambda n: "''if''else" * n + "''",
    "lambdas with two parameters": lambda n: "lambda x,y=" * n + "1" + ":1" * n,
    "lambdas of rests": lambda n: "lambda*x,y=" * n + "1" + ":1" * n,
    "conditions, leaning left": lambda n: "(" * min(n, 199) + "1" + " if 1 else 1)" * min(n, 199),
    "elif": lambda n: "if 1: pass\n" + "elif 1: pass\n" * n,
    "elif in a function": lambda n: "def f():\n if 1: pass\n" + " elif 1: pass\n" * n,
    "elif with walrus": lambda n: "if (y := 1): pass\n" + "elif (y := 2): pass\n" * n,
    "else if, nested": lambda n: "".join(" " * i + "if 1: pass\n" + " " * i + "else:\n" for i in range(min(n, 99)))
    + " " * 99 + "pass",
    "parentheses": lambda n: "(" * n + "1" + ")" * n,
    "parentheses open": lambda n: "(" * n,
    "parentheses closed": lambda n: ")" * n,
    "brackets": lambda n: "[" * n + "1" + "]" * n,
    "brackets stored": lambda n: "[" * n + "x" + "]" * n + " = y",
    "brackets in brackets": lambda n: "([{1:" * (n // 3) + "1" + "}])" * (n // 3),
    "dict displays": lambda n: "{1:" * n + "1" + "}" * n,
    "dict displays open": lambda n: "{" * n,
    "sequence patterns": lambda n: "match 1:\n case " + "[" * n + "x" + "]" * n + ": pass",
    "class patterns": lambda n: "match 1:\n case " + "int(" * n + "x" + ")" * n + ": pass",
    "mapping patterns": lambda n: "match 1:\n case " + "{1:" * n + "x" + "}" * n + ": pass",
    "alternatives": lambda n: "match 1:\n case 1" + "|1" * n + ": pass",
    "cases": lambda n: "match 1:\n" + " case 1: pass\n" * n,
    "walrus in brackets": lambda n: "".join(f"(x{i}:=" for i in range(n)) + "1" + ")" * n,
    "walrus and": lambda n: " and ".join(f"(x{i} := {i})" for i in range(n)),
    "stars": lambda n: "print(" + "*" * n + "a)",
    "starred brackets": lambda n: "[" + "*[" * n + "]" * n + "]",
    "yield": lambda n: "def f():\n " + "yield " * n,
    "yield in brackets": lambda n: "def f():\n " + "(yield " * n + ")" * n,
    "comprehensions": lambda n: "[" * n + "x" + " for x in y]" * n,
    "comprehension clauses": lambda n: "[x" + " for x in y" * n + "]",
    "comprehension conditions": lambda n: "[x for x in y" + " if x" * n + "]",
    "decorators": lambda n: "@a\n" * n + "def f(): pass",
    "assignments": lambda n: "a = " * n + "1",
    "comparisons": lambda n: "1" + " < 1" * n,
    "and": lambda n: "1" + " and 1" * n,
    "and or": lambda n: "1" + " and 1 or 1" * (n // 2),
    "arguments": lambda n: "print(" + "1," * n + ")",
    "keyword arguments": lambda n: "dict(" + ",".join(f"a{i}=1" for i in range(n)) + ")",
    "parameters": lambda n: "def f(" + ",".join(f"a{i}" for i in range(n)) + "): pass",
    "dict items": lambda n: "x = {" + "1:1," * n + "}",
    "tuple": lambda n: "x = " + "1," * n,
    "statements": lambda n: "x;" * n,
    "lines": lambda n: "x = 1\n" * n,
    "globals": lambda n: "def f():\n global " + ",".join(f"a{i}" for i in range(n)),
    "deletions": lambda n: "del " + ",".join(f"a{i}" for i in range(n)),
    "aliases": lambda n: "from math import " + ",".join("sin" for i in range(n)),
    "aliased modules": lambda n: "".join(f"import math as m{i}\n" for i in range(n)),
    "with items": lambda n: "with " + ",".join("a" for _ in range(n)) + ": pass",
    "except clauses": lambda n: "try: pass\n" + "except ValueError: pass\n" * n,
    "strings side by side": lambda n: "x = " + "'a' " * n,
    "f-strings side by side": lambda n: "x = " + "f'{a}' " * min(n, 490),
    "f-string fields": lambda n: "f'" + "{a}" * n + "'",
    "f-string doubled braces": lambda n: "f'" + "{{" * n + "'",
    "f-string long fields": lambda n: "f'" + ("{" + "a+" * 5 + "a}") * (n // 5) + "'",
    "f-string with one long field": lambda n: "f'{" + "a+" * n + "a}'",
    "f-string text": lambda n: "f'{a}" + "a" * n + "{a}'",
    "f-strings in f-strings": lambda n: "f'{f\"{a}\"}'\n" * min(n, 240),
    "f-string open": lambda n: "f'" + "{" * n,
    "blocks": lambda n: "".join(" " * i + "if 1:\n" for i in range(n)) + " " * n + "pass",
    "functions in functions": lambda n: "".join(" " * i + "def f():\n" for i in range(min(n, 99))) + " " * 99 + "pass",
    "loops in loops": lambda n: "".join(" " * i + "for x in y:\n" for i in range(min(n, 19))) + " " * 19 + "pass",
    "withs in withs": lambda n: "".join(" " * i + "with a as b:\n" for i in range(min(n, 19))) + " " * 19 + "pass",
    "tries in tries": lambda n: "".join(" " * i + "try:\n" for i in range(min(n, 99))) + " " * 99 + "pass",
    "backtracking brackets": lambda n: "with (" * min(n, 99) + "a" + ")" * min(n, 99) + " as b",
    "backtracking for": lambda n: "for " + "(" * min(n, 190) + "x" + ")" * min(n, 190) + " in",
    "backtracking del": lambda n: "del " + "(" * min(n, 190) + "x" + ")" * min(n, 190) + " =",
    "backtracking lambda": lambda n: "lambda a, b=" * n + "(",
    "backtracking match": lambda n: "match (" + "match(" * min(n, 150),
    "backtracking dict": lambda n: "{" + "a:{" * min(n, 150) + "1 2" + "}" * min(n, 150) + "}",
    "backtracking assignment": lambda n: "(" * min(n, 150) + "a" + ",b)" * min(n, 150) + " = 1 2",
    "backtracking arguments": lambda n: "f(a for a in " * min(n, 150) + "1 2" + ")" * min(n, 150),
    "backtracking primary": lambda n: "a" + "(b)[c].d" * (n // 4) + " 2",
    "wide patterns for the guard": lambda n: "op('" + " ".join(f"a*{i}" for i in range(n)) + "')",
    "starred patterns for the guard": lambda n: "op('" + "*P" * n + "')",
    "classes in classes": lambda n: "".join(" " * i + "class A:\n" for i in range(90)) + (" " * 90 + "x = 1\n") * n,
    "classes around a long statement": lambda n: "".join(" " * i + "class A:\n" for i in range(90)) + " " * 90 + "x = " * n + "1",
    "methods that store": lambda n: "class A:\n def f(self):\n" + "  self.a = 1\n" * n,
    "functions in a class": lambda n: "class A:\n" + " def f(self): pass\n" * n,
    "unknown names": lambda n: "".join(f"nam{i}\n" for i in range(n)),
    "unknown members": lambda n: "".join(f"x.membe{i}\n" for i in range(n)),
    "long unknown names": lambda n: "".join(f"{'n' * 39}{i % 10}\n" for i in range(n)),
    "functions that call each other": lambda n: "".join(f"def f{i}(): return f{(i + 1) % n}()\n" for i in range(n)),
    "names that stand for names": lambda n: "x0 = op\n" + "".join(f"x{i + 1} = x{i}\n" for i in range(n)),
    "names that stand for both": lambda n: "x0 = op\n" + "".join(f"x{i + 1} = x{i} or x{i // 2}\n" for i in range(n)),
    "names that stand for later names": lambda n: "".join(f"x{i} = x{i + 1}\n" for i in range(n)) + f"x{n} = op",
    "one name bound often": lambda n: "x = op\n" + "x = x\n" * n,
    "parameters behind two names": lambda n: "b = op('base1')\np = b.par\np.clone = 'x'\n" * (n // 8),
    "components cleared": lambda n: "g = op('/').create(baseCOMP)\nfor c in list(g.children): c.destroy()\n" * (n // 16),
    "lists of all names": lambda n: "x = []\n" + "x = [x, x, x, x]\n" * (n // 4),
    "doubling strings": lambda n: "x = 'ab'\n" + "x = x + x\n" * n,
    "doubling numbers": lambda n: "x = 3\n" + "x = x * x\n" * n,
    "literal expressions": lambda n: "".join(f"op('a').par.tx.expr = '{i} + me.digits'\n" for i in range(n)),
    "nested literal expressions": lambda n: "op('a').par.tx.expr = '" + "-" * n + "1'",
    "expressions of brackets": lambda n: "op('a').par.tx.expr = '" + "(" * n + "1" + ")" * n + "'",
    "code in strings": lambda n: "run(" + repr("run(" * 20 + "1" + ")" * 20) + ")\n" * 1 + "x = 1\n" * n,
    "patterns that backtrack": lambda n: "import re\nre.search('" + "(a+)+" * n + "$', 'a')",
    "patterns in brackets": lambda n: "import re\nre.search('" + "(" * n + "a" + ")" * n + "', 'a')",
}  # fmt: skip
"""A text for each wanted length, by name."""

_SIZES = (150, 700, 1000, 1950, 2900, 5900, 32_000)
_SIZES_FOR_MEMORY = (1950, 5900)

SINGLE: dict[str, str] = {
    "nothing": "",
    "a NUL": "x = 1\0",
    "half a surrogate pair": "x = '\ud800'",
    "a byte-order mark within": "x = 1\n\ufeffy = 2",
    "two byte-order marks": "\ufeff\ufeffx = 1",
    "blanks that are none": "x\u00a0=\u200b1",
    "an int of too many digits": "x = " + "1" * 4301,
    "an int of just enough digits": "x = " + "1" * 4300,
    "a long hexadecimal int": "x = 0x" + "f" * (MAX_BYTES - 10),
    "a long float": "x = 1." + "1" * (MAX_BYTES - 10),
    "a long exponent": "x = 1e" + "9" * (MAX_BYTES - 10),
    "underscored digits": "x = 1" + "_1" * (MAX_BYTES // 2 - 10),
    "a power tower": "x = 9**9**9**9",
    "a wide shift": "x = 1 << 10**10",
    "a wide repetition": "x = 'a' * 10**10 + (0,) * 10**9",
    "a wide format": "x = '%1000000000d' % 1",
    "a long comment": "#" + "x" * (MAX_BYTES - 1),
    "comments": "#\n" * (MAX_BYTES // 2),
    "empty lines": "\n" * MAX_BYTES,
    "blank lines": (" " * 99 + "\n") * (MAX_BYTES // 100),
    "continued lines": "\\\n" * (MAX_BYTES // 2 - 1) + "x",
    "a long string": "x = '" + "a" * (MAX_BYTES - 6) + "'",
    "a string of escapes": "x = '" + "\\x41" * (MAX_BYTES // 4 - 3) + "'",
    "a string of names": "x = '" + "\\N{BULLET}" * 480 + "'",
    "a string left open": "x = '''" + "a\n" * (MAX_BYTES // 2 - 4),
    "bytes": "x = b'" + "\\x41" * (MAX_BYTES // 4 - 3) + "'",
    "a long name": "x" * (MAX_BYTES - 10) + " = 1",
    "a long name of another script": "色" * (MAX_BYTES // 3 - 10) + " = 1",
    "names of another script": "色 = 1\n" * (MAX_TOKENS // 3),
    "names that fold": "ﬁ = 1\n" * (MAX_TOKENS // 3),
    "combining marks": "a" + "\u0301" * (MAX_BYTES // 2 - 10) + " = 1",
    "a ligature that grows": "x = " + "\ufdfa" * 1000,
    "odd dedents": "if 1:\n        x\n    y\n" * 100,
    "tabs and blanks": "if 1:\n\tx\n        y\n" * 100,
    "indents without a block": "".join(" " * i + "x\n" for i in range(200)),
    "growing indents": "".join(" " * i + "if 1:\n" for i in range(101)),
    "semicolons": ";" * 5900,
    "colons": ":" * 5900,
    "questions": "?" * 5900,
    "backticks": "`" * 5900,
    "quotes": "'" * 5900,
    "triple quotes": "'''" * 1900 + "'",
    "slashes": "\\" * 5900,
    "at signs": "@" * 5900,
    "arrows": "->" * 2900,
    "dots": "." * 5900,
    "relative imports": "from " + "." * 5900 + " import x",
    "an unclosed call": "print(" + "a, " * 1500,
    "an error at the end": "x = [1, 2, 3]\n" * 600 + "x = (",
    "an error in the last bracket": "f(" + "a(b, c=[1, {2: 3}])," * 300 + " 1 2)",
    "a keyword at the end": "x = a.b(c)[d]\n" * 500 + "else",
    "no code, all words": "delete the file and then open the door " * 120,
    "type parameters": "type X[T] = " + "list[" * 150 + "T" + "]" * 150,
    "except groups": "try: pass\nexcept* ValueError: pass\n" * 500,
    "a future import": "from __future__ import annotations\n" + "x: " + "[" * 150 + "1" + "]" * 150 + "\n",
    "a future import that is none": "from __future__ import braces, barry_as_FLUFL\nx <> 1",
}


def texts(sizes: tuple[int, ...] = _SIZES) -> Iterator[tuple[str, str]]:
    """Every hostile text with a name of its own, none far beyond the cap of size."""
    yield from SINGLE.items()
    for name, build in CHAINS.items():
        seen = set()
        for size in sizes:
            text = build(size)
            if len(text) <= MAX_BYTES * 2 and text not in seen:
                seen.add(text)
                yield f"{name}, {size}", text


def clock() -> Callable[[], float]:
    """Seconds of this thread alone, where the platform can tell them finely enough: the machine is not ours alone."""
    return time.thread_time if time.get_clock_info("thread_time").resolution < 1e-4 else time.perf_counter


def machine_factor() -> float:
    """How much slower this machine is than the one for which the budgets hold; at least 1."""
    now, best = clock(), float("inf")
    for _ in range(20):
        begun = now()
        for number in range(1000):
            divmod(number, 7)
        best = min(best, now() - begun)
    return max(1.0, best * 1000 / _NOMINAL_LOOP_MS)


def judge_timed(text: str, catalog: Catalog, factor: float) -> dict[str, object]:
    """Judge a text; its time in ms, the best of some attempts where the first was over its bound."""
    now, took_ms = clock(), float("inf")
    for _ in range(_ATTEMPTS):
        begun = now()
        report = analyse(text, catalog, GUARD)
        took_ms = min(took_ms, (now() - begun) * 1000)
        limit_ms = factor * (MAX_UNPARSED_MS if report.tree is None else MAX_JUDGED_MS)
        if took_ms <= limit_ms:
            break
    outcome: dict[str, object] = {"took_ms": took_ms, "limit_ms": limit_ms, "judged": report.tree is not None}
    outcome["said"] = report.uses[0].why if report.uses else ""
    if report.tree is not None:
        try:
            compile(instrument(report.tree, watched_members(catalog)), "text", "exec", dont_inherit=True)
        except SyntaxError:
            pass  # what only the compiler refuses, such as `return` outside a function, is told when it runs
        except Exception as error:
            outcome["compiled"] = f"{type(error).__name__}: {error}"
    return outcome


def judge_measured(text: str, catalog: Catalog) -> dict[str, object]:
    """Judge a text; the most memory it held at once, in MB."""
    tracemalloc.start()
    try:
        report = analyse(text, catalog, GUARD)
        return {"peak_mb": tracemalloc.get_traced_memory()[1] / 1e6, "judged": report.tree is not None}
    finally:
        tracemalloc.stop()


def main() -> None:
    """Judge all texts, or those after one, in one thread."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stack_kb", type=int)
    parser.add_argument("recursion_limit", type=int)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--after", metavar="NAME")
    options = parser.parse_args()
    file = Path(td_extension.script.__file__).parent / "catalog.json"
    catalog = load_catalog(file.read_text(encoding="utf-8"))

    def say(**line: object) -> None:
        print(json.dumps(line), flush=True)

    def judge_all() -> None:
        factor = machine_factor()
        waiting = options.after is not None
        for name, text in texts(_SIZES_FOR_MEMORY if options.memory else _SIZES):
            if waiting:
                waiting = name != options.after
                continue
            say(begun=name)
            try:
                ended = judge_measured(text, catalog) if options.memory else judge_timed(text, catalog, factor)
            except BaseException as error:  # whatever it is, it is what the test is about
                ended = {"raised": f"{type(error).__name__}: {error}"}
            say(ended=name, **ended)

    sys.setrecursionlimit(options.recursion_limit)
    threading.stack_size(options.stack_kb * 1024)
    thread = threading.Thread(target=judge_all)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()

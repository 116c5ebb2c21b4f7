"""Which regular expressions are vetted, and that those that are take no longer than was promised."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.linear_pattern import MAX_LENGTH, why_not_linear, why_not_tame

LINEAR = [
    r"(\w+)_(\d+)",
    r"^noise\d+$",
    r"[A-Za-z_][A-Za-z0-9_]*",
    r"\s*(\d+(?:\.\d+)?)\s*",
    r"\d{4}-\d{2}-\d{2}",
    r"(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})",
    r"(?P<n>\w+)=(?P<v>[^;]*)",
    r"([a-z]+)([A-Z][a-z]*)*",
    r"\b\w+\b",
    r"^(noise|ramp)\d+$",
    r"(?:a|ab)*c",
    r"[\w.+-]+@[\w-]+\.[\w.-]+",
    r"(\d{1,3}\.){3}\d{1,3}",
    r"uniform\s+(\w+)\s+(\w+)\s*;",
    r"^(.*)/([^/]+)$",
    r'"([^"\\]|\\.)*"',
    r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?",
    r"(?<!^)(?=[A-Z])",
    r"^[ぁ-ん]+[ァ-ヶ]+$",
    r"(?i)error|warning",
    r"(?x) (\d+) \s* [a-z]+  # a number and a unit",
    r"(.*)\n(.*)",
    r"(?>\d+)x",
]
CATASTROPHIC = [
    r"(a+)+$",
    r"(a*)*$",
    r"(a|a)*b",
    r"(a|aa)+$",
    r"(\w+\s?)+$",
    r"(\s*\w*)*$",
    r"([a-zA-Z]+)*$",
    r"(x+x+)+y",
    r"(.*a){20}",
    r"(a?){40}a{40}",
    "a?" * 30 + "a" * 30,
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(?:a|b|ab)*c",
    r"(?:|){30}b",
    r"(.|\s)*x",
    r"(?i:[a-z]|[A-Z])+(?i:[a-z]+)*!",
    r"(?x)(a+ )+$",
    r"(é|\w|[à-ü]+)+x",
    r".*.*.*.*x",
    r"((a{1,2}){1,2}){1,2}" * 6,
    r"(?>(a+)+)b",
]
QUADRATIC = [r"\d+\d+", r"\d+\d+x", r".*.*x", r"(\w+)_(\w+)", r".*noise.*", r"\s+\s+$", r"(?i)[a-z]+[A-Z]+\d"]
TAME = [r"(\w+)_(\w+)", r".*noise.*", r"^(.*?)(\d+)$", r"^\s*(\w+)\s*=\s*(.+?)\s*$", r"[+-]?(\d+\.?\d*|\.\d+)"]


@pytest.mark.parametrize("pattern", LINEAR)
def test_an_honest_pattern_is_linear(pattern: str) -> None:
    assert why_not_linear(pattern) is None
    assert why_not_tame(pattern) is None


@pytest.mark.parametrize("pattern", [*CATASTROPHIC, *QUADRATIC])
def test_what_backtracks_out_of_proportion_is_not_linear(pattern: str) -> None:
    assert why_not_linear(pattern)


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_what_is_catastrophic_is_not_tame_either(pattern: str) -> None:
    assert why_not_tame(pattern)


@pytest.mark.parametrize("pattern", TAME)
def test_a_pattern_that_ends_with_what_it_need_not_match_is_tame(pattern: str) -> None:
    assert why_not_tame(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(a)\1", "refers back"),
        (r"(a)?(?(1)b|c)", "asks whether a group matched"),
        (r"(?=a+)b", "looks around"),
        (r"a{5000}", "counts further"),
        (r"(a{200}){200}", "the ways to match one text grow"),
        (r"(^)*a", "repeats what is empty"),
        (r"(a?)*", "may be empty"),
        (r"(", "no valid pattern: missing )"),
        (r"[a", "no valid pattern: unterminated character set"),
        (r"a{99999999999999999999}", "no valid pattern"),
        ("a" * (MAX_LENGTH + 1), "longer than"),
        ("(" * 400 + "a" + ")" * 400, "groups"),
        ("((){40}){40}", "repeats what is empty"),
    ],
)
def test_what_is_not_vetted_is_refused_with_a_reason(pattern: str, why: str) -> None:
    told = why_not_linear(pattern)
    assert told is not None
    assert why in told


def test_flags_are_heeded() -> None:
    assert why_not_linear(r"[a-z]+[A-Z]+x") is None
    assert why_not_linear(r"[a-z]+[A-Z]+x", re.IGNORECASE)
    assert why_not_linear(r"(a+ )+$") is None
    assert why_not_linear(r"(a+ )+$", re.VERBOSE)
    assert why_not_linear(r"\w+[é]+x")
    assert why_not_linear(r"\w+[é]+x", re.ASCII) is None
    assert why_not_linear(r"(.*\n)*x") is None
    assert why_not_linear(r"(.*\n)*x", re.DOTALL)


def test_the_longest_patterns_are_vetted_in_time() -> None:
    hostile = [r"\w\d?" * 190, "a?b?c?d?" * 100, "(" + "|".join(f"{n:02}" for n in range(99)) + ")+" * 9, "[^a]?" * 190]
    begun = time.perf_counter()
    for pattern in hostile:
        why_not_linear(pattern[:MAX_LENGTH])
    assert time.perf_counter() - begun < 1


# -- the promise, timed ----------------------------------------------------------------------------------------------

_PIECES = ["a", "ab", "1", "_", " ", "=", "a_1", "aB", ".", '"\\', "1.", "\n", "é", "ab "]
_ENDS = ["", "!", "\n!", "_", "\n\n"]


def _slowest_s(pattern: re.Pattern[str], length: int) -> float:
    """The longest time that a match from the start takes, over texts of one repeated piece and an odd end."""
    slowest = 0.0
    for piece in _PIECES:
        for end in _ENDS:
            text = (piece * length)[:length] + end
            best = min(_timed(pattern, text) for _ in range(2))
            slowest = max(slowest, best)
    return slowest


def _timed(pattern: re.Pattern[str], text: str) -> float:
    begun = time.perf_counter()
    pattern.fullmatch(text)
    pattern.match(text)
    return time.perf_counter() - begun


@pytest.mark.parametrize("pattern", LINEAR)
def test_a_vetted_pattern_takes_time_in_proportion_to_the_text(pattern: str) -> None:
    # Quadratic time would be 25 million steps and more at this length, which takes far longer.
    assert _slowest_s(re.compile(pattern), 5000) < 0.05


_ATOMS = st.sampled_from(["a", "b", r"\w", r"\d", ".", "[ab]", "[^a]", r"\s", "_"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "{0,60}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(_PATTERNS)
def test_whatever_is_accepted_takes_linear_time(pattern: str) -> None:
    if why_not_linear(pattern) is not None:
        return
    compiled = re.compile(pattern)
    for piece in ("a", "ab", "b", "1", "_", "a_", " "):
        text = (piece * 4000)[:4000] + "\n!"
        assert min(_timed(compiled, text) for _ in range(2)) < 0.05, (pattern, piece)


@settings(max_examples=100, deadline=None)
@given(_PATTERNS)
def test_whatever_is_linear_is_tame(pattern: str) -> None:
    if why_not_linear(pattern) is None:
        assert why_not_tame(pattern) is None


@pytest.mark.filterwarnings("ignore::FutureWarning")
@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab(|)*+?{}[]^-\\wd12,:<=!P>é.$", max_size=30))
def test_every_text_gets_an_answer(pattern: str) -> None:
    why = why_not_linear(pattern)
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        assert why is not None


def test_what_repeats_nothing_is_as_tame_as_it_is_linear() -> None:
    assert why_not_linear("(?:(?:a)*)?") is None
    assert why_not_tame("(?:(?:a)*)?") is None

"""Decimal numbers: what a script makes of them can always be turned into a whole number in no time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import first_refused

Run = Callable[..., Finished | Raised | Stopped]

TOO_LONG = [
    "Decimal('1e99999')",
    "Decimal('9' * 90_000)",
    "Decimal((0, (1,), len('x' * 99_999)))",
    "Decimal([0, [1] * 90_000, 0])",
    "Decimal(1).scaleb(99_999)",
    "Decimal(10) ** len('x' * 99_999)",
    "Decimal('1e29999') * Decimal('1e29999')",
    "Decimal('1e29999') / Decimal('1e-29999')",
]


@pytest.mark.parametrize("made", TOO_LONG)
def test_a_number_of_very_many_digits_is_not_made(run: Run, made: str) -> None:
    begun = time.monotonic()
    outcome = run(f"from decimal import Decimal\nresult = int({made})")
    assert isinstance(outcome, Raised)
    assert time.monotonic() - begun < 1.0


def test_nothing_else_makes_one(run: Run) -> None:
    assert isinstance(run("from decimal import Decimal\nclass Money(Decimal):\n    pass"), Raised)
    assert isinstance(run("from decimal import Decimal\ntype(Decimal(1))('1e9999')"), Raised)


def test_a_context_of_the_scripts_own_needs_to_block(catalog: Catalog) -> None:
    text = "from decimal import Context, Decimal\nDecimal(2).ln(Context(prec=len('x' * 1000) * 300))"
    assert first_refused(analyse(text, catalog, ()), PROFILES["edit"]) is not None


def test_decimals_are_what_they_are_elsewhere(run: Run) -> None:
    text = """
from decimal import ROUND_HALF_UP, Decimal
def whole(x: Decimal | None) -> Decimal:
    return Decimal(0) if x is None else x
kinds = []
for one in (Decimal('1.5'), 2, '3'):
    match one:
        case Decimal():
            kinds.append('decimal')
        case _:
            kinds.append('other')
result = [
    str(Decimal('1.10') + 1), isinstance(Decimal(1) * 2, Decimal), str(Decimal()), str(Decimal(1.5)), str(Decimal('NaN')),
    str(Decimal('2.345').quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)), issubclass(bool, Decimal), str(whole(None)),
    str(Decimal(1) / 7), str(Decimal.from_float(0.5)), round(Decimal('2.5')), Decimal(2) ** 10 == 1024, kinds,
    sum([Decimal('0.1')] * 3) == Decimal('0.3'), str(Decimal((1, (2, 5), -1))),
]
"""
    plain: dict[str, object] = {}
    exec(text, plain)
    assert run(text) == Finished(plain["result"], "", "")


def test_the_context_of_others_stays_as_it_was(run: Run) -> None:
    import decimal

    before = decimal.getcontext().copy()
    assert isinstance(run("from decimal import Decimal\nDecimal(1).scaleb(99_999)"), Raised)
    assert repr(decimal.getcontext()) == repr(before)
    assert int(decimal.Decimal(1).scaleb(40_000).logb()) == 40_000

"""The published table of verdicts is the judge's own, and its intervals are Wilson's."""

from __future__ import annotations

import corpus_report
import pytest


def test_the_published_verdicts_are_up_to_date() -> None:
    published = corpus_report.PUBLISHED.read_text(encoding="utf-8")
    assert published == corpus_report.report(), "run scripts/corpus_report.py --write, and read what changed"


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(34, 34, 0.8985, 1.0), (0, 201, 0.0, 0.0188), (10, 201, 0.0273, 0.0891), (5, 10, 0.2366, 0.7634)],
)
def test_an_interval_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    assert corpus_report.wilson(hits, count) == pytest.approx((low, high), abs=5e-4)

"""What each line on a call's path costs, beside its budget (DESIGN section 8) and its floor in the same run.

    python3 scripts/bench.py

Times are the best of five. Machines differ, so every budget is scaled by a calibration loop of the same run: a budget
of 20 µs stands for 20 µs on a machine on which the loop takes `NOMINAL_LOOP_US`. The floor of a row is the least that
its work could cost: the bare operation without PolicyGuard around it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment

ROOT = Path(__file__).resolve().parent.parent
NOMINAL_LOOP_US = 30.0
"""What the loop takes on the kind of machine on which the budgets were set: two cores, CPython 3.11."""


def main() -> int:
    """Print the table; 0 whatever it says: a slow machine is no failure."""
    import bench_rows
    from rich.console import Console
    from rich.table import Table

    scale = bench_rows.calibration_us() / NOMINAL_LOOP_US
    table = Table(title=f"Budgets scaled by {scale:.2f} (calibration loop against {NOMINAL_LOOP_US:.0f} µs)")
    for column in ("what", "measured", "floor", "budget", ""):
        table.add_column(column, justify="left" if column in ("what", "") else "right")
    missed = []
    for row in bench_rows.rows():
        floor = "" if row.floor is None else f"{row.floor:.4g} {row.unit}"
        cells = [row.what, f"{row.measured:.4g} {row.unit}", floor]
        if row.budget is not None:
            budget = row.budget * (scale if row.unit != "x" else 1.0)
            within = row.measured <= budget
            cells += [f"{budget:.4g} {row.unit}", "[green]within[/]" if within else "[red]missed[/]"]
            if not within:
                missed.append(row.what)
        table.add_row(*cells)
    Console(width=120).print(table)
    print(f"{len(missed)} missed" + (": " + "; ".join(missed) if missed else ""))
    return 0


if __name__ == "__main__":
    environment.enter(ROOT)
    sys.path.insert(0, str(ROOT))
    sys.exit(main())

"""`python -m policyguard_cli`: the same as the `policyguard` command."""

from .main import run

run()

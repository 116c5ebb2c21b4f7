"""Shared by all tests: how hypothesis searches."""

from __future__ import annotations

import builtins
import functools
import os
from typing import Any

from hypothesis import settings

# A busy machine must not fail a test; and a check of a commit must say the same twice.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

_compile_once = functools.lru_cache(maxsize=1_000)(compile)


def _compile(source: Any, filename: Any, *arguments: Any, **keywords: Any) -> Any:
    """`compile`, which remembers the component's own modules: hundreds of tests start one, each from the same texts."""
    of_component = type(source) is str and isinstance(filename, str) and filename.startswith("<policyguard_")
    return (_compile_once if of_component else _plain_compile)(source, filename, *arguments, **keywords)


_plain_compile = compile
builtins.compile = _compile  # type: ignore[assignment]

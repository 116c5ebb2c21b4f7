"""Shared by all tests: how hypothesis searches."""

from __future__ import annotations

import os

from hypothesis import settings

# A busy machine must not fail a test; and a check of a commit must say the same twice.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

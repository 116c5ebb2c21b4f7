"""What well-known functions make of what they are given, by how `callees` names them."""

from __future__ import annotations

from collections.abc import Mapping

from .given import Sizing
from .sizes_of_arrays import ARRAYS
from .sizes_of_numbers import NUMBERS
from .sizes_of_sequences import SEQUENCES
from .sizes_of_texts import TEXTS

SIZES: Mapping[str, Sizing] = {**ARRAYS, **NUMBERS, **SEQUENCES, **TEXTS}

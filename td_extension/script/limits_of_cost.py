"""How much a script may do in one piece before it stalls the frame."""

from __future__ import annotations

MAX_ITEMS = 5_000_000
"""Items of a list, a tuple or a set, and of what one call in C reads to its end."""
MAX_TEXT = 50_000_000
"""Characters of a text, or bytes."""
MAX_ELEMENTS = 50_000_000
"""Elements of an array; an image of 3840 x 2160 pixels in four channels has 33 million."""
MAX_BITS = 1_000_000
"""Bits of a whole number."""
MAX_WIDTH = 1_000_000
"""Characters to which one field is padded."""
MAX_RESULT = 1_000_000
"""Characters or items of what is printed or returned."""
MAX_IN_LOOPS = 1_000_000_000
"""Items that a loop may make in all its turns."""
MAX_CREATED = 500
"""Operators that one script may make: each takes a part of a millisecond to make, and to destroy."""

"""PolicyGuard's core: all that runs inside TouchDesigner, and only that.

The package is imported under two names: `td_extension` on a developer's machine, and a name unique to the
component inside TouchDesigner (`extension.py` loads it from Text DATs). It therefore uses relative imports only.
"""

__version__ = "0.1.0"

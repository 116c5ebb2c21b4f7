"""What an agent can do instead of importing a module that a script may not have."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NO_FILES = "A script here opens no files: keep data in DATs, or return it as the result"
_NO_NETWORK = "A script here has no network: return what is needed, and fetch it outside of TouchDesigner"
_NO_WAITING = "A script here holds up the frame: do one step in a call, and the next in another"
_NO_PROGRAMS = "A script here starts no programs; ask the person"

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "os": "For paths use the methods of str; project.folder is the project's folder",
        "os.path": "For paths use the methods of str, such as rpartition('/')",
        "posixpath": "For paths use the methods of str, such as rpartition('/')",
        "pathlib": "For paths use the methods of str, such as rpartition('/')",
        "shutil": _NO_FILES,
        "tempfile": _NO_FILES,
        "glob": _NO_FILES,
        "pickle": "Use json",
        "sqlite3": "Use a Table DAT",
        "subprocess": _NO_PROGRAMS,
        "multiprocessing": _NO_WAITING,
        "threading": _NO_WAITING,
        "concurrent": _NO_WAITING,
        "concurrent.futures": _NO_WAITING,
        "asyncio": _NO_WAITING,
        "sched": _NO_WAITING,
        "queue": _NO_WAITING,
        "socket": _NO_NETWORK,
        "urllib": _NO_NETWORK,
        "urllib.request": _NO_NETWORK,
        "urllib.parse": "For addresses use the methods of str",
        "http": _NO_NETWORK,
        "http.client": _NO_NETWORK,
        "requests": _NO_NETWORK,
        "ssl": _NO_NETWORK,
        "logging": "Use print: what it writes is in the reply",
        "warnings": "Use print: what it writes is in the reply",
        "inspect": "dir(x) and type(x).__name__ tell what an object is",
        "types": "Use a class, a dict or collections.namedtuple",
        "ast": "Use json.loads for data",
        "importlib": "Write the import as a statement",
        "builtins": "The safe builtins are there without it",
        "gc": "Nothing here needs collecting by hand",
        "ctypes": "A script here has no way into memory",
        "cv2": "Use TOPs for images, or numpy",
        "PIL": "Use TOPs for images, or numpy",
        "PIL.Image": "Use TOPs for images, or numpy",
    }
)

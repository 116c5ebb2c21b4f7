"""Members of allowed modules that a script gets in a safer form.

Some of the library's functions do more than their usual caller needs: they change the class they are given, make code
out of texts, write to any object that has a `write`, or show what other code left in memory. A script gets the same
function without that part. The library itself stays as it is.
"""

from __future__ import annotations

import collections
import copy
import csv
import dataclasses
import difflib
import enum
import io
import pprint
import string
import sys
import types
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .bridge import SCRIPT
from .decimals import Decimal
from .library_sizes import of_comparison
from .limits_of_cost import MAX_ITEMS, MAX_TEXT
from .measures import length
from .sized_classes import BytesIO, JSONEncoder, StringIO, TextWrapper

_MAX_LINES = 20
_MAX_MESSAGE = 8 * 1024


def dataclass(cls: type | None = None, /, **options: bool) -> Any:
    """`dataclasses.dataclass`, for the script's own classes, whose fields bear plain names.

    It changes the class that it is given, and builds the methods as text, out of the names of annotations.

    Raises:
        TypeError: the class is a library's, or a field's name is no plain one.
    """

    def decorate(target: type) -> Any:
        if not isinstance(target, type) or vars(target).get("__module__") != SCRIPT:
            raise TypeError("only a class of the script itself can be made a dataclass here")
        for kind in target.__mro__:
            for name in dict(vars(kind).get("__annotations__", {})):
                if type(name) is not str or not name.isidentifier() or name.startswith("_"):
                    raise TypeError(f"{name!r} cannot be a field here")
        _without_texts(vars(target).get("__annotations__", {}))
        return dataclasses.dataclass(**options)(target)

    return decorate if cls is None else decorate(cls)


def with_ticks(function: Any, tick: Callable[[], object]) -> Any:
    """`dataclass` above, with a tick in each method that it makes: they walk through what shares its parts.

    Args:
        function: `dataclass`; anything else is given back as it is.
        tick: lets the deadline be seen.
    """

    def decorate(cls: type, options: Mapping[str, bool]) -> type:
        own = dict(vars(cls)) if isinstance(cls, type) else {}
        made: type = function(**options)(cls)
        for name in _MADE:
            method = vars(made).get(name)
            if isinstance(method, types.FunctionType) and method is not own.get(name):
                setattr(made, name, _ticking(method, tick))
        return made

    def ticking(cls: type | None = None, /, **options: bool) -> Any:
        return decorate(cls, options) if cls is not None else lambda target: decorate(target, options)

    return ticking if function is dataclass else function


def _ticking(method: Callable[..., Any], tick: Callable[[], object]) -> Callable[..., Any]:
    def ticking(*arguments: Any) -> Any:
        tick()
        return method(*arguments)

    return ticking


_MADE = ("__hash__", "__eq__", "__repr__", "__lt__", "__le__", "__gt__", "__ge__")
"""Methods that `dataclasses` makes, and that go through all fields."""


class Stream:
    """`sys.stdout` or `sys.stderr` as a script gets it: what is written is captured with the rest of its output."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, text: str) -> int:
        """Write a text; return how many characters it has."""
        written: int = getattr(sys, self._name).write(str.__str__(text))
        return written

    def flush(self) -> None:
        """There is nothing to wait for."""


def _without_texts(annotations: dict[str, Any]) -> None:
    """Put Any for annotations that are texts, as `from __future__ import annotations` makes them.

    `dataclasses` would look their names up in the class's module, and a script is in none.
    """
    for name, annotation in annotations.items():
        if isinstance(annotation, str):
            if "ClassVar" in annotation or "InitVar" in annotation:
                raise TypeError(f"{name}: leave `from __future__ import annotations` out of this script")
            annotations[name] = Any


def namedtuple(
    typename: str, field_names: str | Iterable[str], *, rename: bool = False, defaults: Iterable[Any] | None = None
) -> Any:
    """`collections.namedtuple` without `module`: by it, an instance could pass for one of TouchDesigner's objects.

    Raises:
        TypeError: a name is no text, or is written with characters that Python reads as others.
    """
    fields = field_names.replace(",", " ").split() if isinstance(field_names, str) else list(field_names)
    for name in (typename, *fields):
        if not isinstance(name, str) or unicodedata.normalize("NFKC", name) != name:
            raise TypeError(f"{name!r} cannot be a name here")
    return collections.namedtuple(typename, fields, rename=rename, defaults=defaults, module=SCRIPT)


class deque(collections.deque[Any]):
    """`collections.deque`, of which one may hold another as deep as it likes: C frees its own by calling itself."""

    __slots__ = ()
    __module__ = "collections"

    def extend(self, iterable: Iterable[Any], /) -> None:
        """Add items at its end, of which there are not too many, as where it takes in itself again and again."""
        if len(self) + (length(iterable) or 0) > MAX_ITEMS and self.maxlen is None:
            raise ValueError(f"a deque has at most {MAX_ITEMS:,} items here")
        super().extend(iterable)


class defaultdict(collections.defaultdict[Any, Any]):
    """`collections.defaultdict`, of which one may hold another as deep as it likes."""

    __slots__ = ()
    __module__ = "collections"


def cmp_to_key(mycmp: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """`functools.cmp_to_key`, whose keys may hold each other as deep as they like."""

    class K:
        __slots__ = ("obj",)

        def __init__(self, obj: Any) -> None:
            self.obj = obj

        def __lt__(self, other: Any) -> bool:
            return bool(mycmp(self.obj, other.obj) < 0)

        def __gt__(self, other: Any) -> bool:
            return bool(mycmp(self.obj, other.obj) > 0)

        def __eq__(self, other: Any) -> bool:
            return bool(mycmp(self.obj, other.obj) == 0)

        def __le__(self, other: Any) -> bool:
            return bool(mycmp(self.obj, other.obj) <= 0)

        def __ge__(self, other: Any) -> bool:
            return bool(mycmp(self.obj, other.obj) >= 0)

        __hash__ = None  # type: ignore[assignment]

    return K


class _StatedEnumType(enum.EnumMeta):
    """Makes enums by class statements only: a call looks a member up, and never makes a class.

    Called with names, the real one makes a class out of a mapping, whatever special methods stand in it.
    """

    def __call__(cls, value: Any, *names: Any, **options: Any) -> Any:
        if names or options:
            raise TypeError("write an enum as a class statement here")
        return super().__call__(value)


class _Enum(enum.Enum, metaclass=_StatedEnumType):
    pass


class _IntEnum(int, enum.ReprEnum, metaclass=_StatedEnumType):
    pass


class _StrEnum(enum.StrEnum, metaclass=_StatedEnumType):
    pass


class _Flag(enum.Flag, metaclass=_StatedEnumType):
    pass


class _IntFlag(enum.IntFlag, metaclass=_StatedEnumType):
    pass


def copied(x: Any) -> Any:
    """`copy.copy`."""
    return copy.copy(x)


def copied_deeply(x: Any) -> Any:
    """`copy.deepcopy` without `memo`: it tells its caller of everything that lies inside, down to what nobody sees."""
    return copy.deepcopy(x)


class Template(string.Template):
    """`string.Template`, of which there are no subclasses: each brings a pattern that the library compiles."""

    def __init_subclass__(cls, **options: Any) -> None:
        raise TypeError("string.Template is no base here; write the fields as $name or ${name}")

    def substitute(self, mapping: Mapping[str, object] = {}, /, **words: object) -> str:
        """Fill it in."""
        return super().substitute(self._measured({**mapping, **words}))

    def safe_substitute(self, mapping: Mapping[str, object] = {}, /, **words: object) -> str:
        """Fill it in as far as it goes."""
        return super().safe_substitute(self._measured({**mapping, **words}))

    def _measured(self, values: dict[str, object]) -> dict[str, object]:
        texts: dict[str, object] = {name: str(value) for name, value in values.items()}
        if self.template.count("$") * max((len(str(text)) for text in texts.values()), default=0) > MAX_TEXT:
            raise ValueError("the filled template would be too large")
        return texts


class SequenceMatcher(difflib.SequenceMatcher[Any]):
    """`difflib.SequenceMatcher`, for sequences that are compared in no time."""

    def __init_subclass__(cls, **options: Any) -> None:
        raise TypeError("difflib.SequenceMatcher is no base here")

    def set_seq1(self, a: Any) -> None:
        """Set the first sequence."""
        _compared(a, getattr(self, "b", None))
        super().set_seq1(a)

    def set_seq2(self, b: Any) -> None:
        """Set the second sequence."""
        _compared(getattr(self, "a", None), b)
        super().set_seq2(b)


class Differ(difflib.Differ):
    """`difflib.Differ`, for sequences that are compared in no time."""

    def compare(self, a: Any, b: Any) -> Any:
        """Compare two lists of lines."""
        _compared(a, b)
        return super().compare(a, b)


def _compared(*sequences: Any) -> None:
    why = of_comparison(sequences, {})
    if why is not None:
        raise ValueError(f"{why}: compare parts of them")
class TypedDict(dict):  # type: ignore[type-arg]
    """Stands for `typing.TypedDict` in class statements: called with texts, the real one makes a class of any names."""

    def __init_subclass__(cls, *, total: bool = True) -> None:
        super().__init_subclass__()

    def __new__(cls, *arguments: Any, **options: Any) -> TypedDict:
        if cls is TypedDict:
            raise TypeError("write a TypedDict as a class statement here")
        return super().__new__(cls, *arguments, **options)


def format_exc(limit: int | None = None, chain: bool = True) -> str:
    """What `traceback.format_exc` tells, with the script's own lines alone: no file is read, no frame handed out.

    Args:
        limit: taken for likeness; the innermost 20 lines are told.
        chain: taken for likeness; only the exception itself is told.
    """
    error = sys.exc_info()[1]
    if error is None:
        return "NoneType: None\n"
    told = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == SCRIPT:
            told.append(f'  File "{SCRIPT}", line {trace.tb_lineno}, in {code.co_name}\n')
        trace = trace.tb_next
    message = str(error)[:_MAX_MESSAGE]
    end = f"{type(error).__name__}: {message}\n" if message else f"{type(error).__name__}\n"
    return "".join(["Traceback (most recent call last):\n", *told[-_MAX_LINES:], end])


def print_exc(limit: int | None = None, chain: bool = True) -> None:
    """`traceback.print_exc`, to the captured output and to no other file."""
    print(format_exc(limit, chain), end="", file=sys.stderr)


def print_pretty(value: object, **options: Any) -> None:
    """`pprint.pprint`, to the captured output: a `stream` could be a DAT, whose text TouchDesigner may run."""
    print(pprint.pformat(value, **options))


def print_pretty_unsorted(value: object, *, sort_dicts: bool = False, **options: Any) -> None:
    """`pprint.pp`, to the captured output."""
    print(pprint.pformat(value, sort_dicts=sort_dicts, **options))


def _in_memory(file: object) -> io.StringIO:
    if not isinstance(file, io.StringIO) or type(file) not in (io.StringIO, StringIO):
        raise TypeError("a csv writer writes to an io.StringIO here, and to nothing else")
    return file


def csv_writer(file: object, *arguments: Any, **options: Any) -> Any:
    """`csv.writer`, to a text in memory: any other object with a `write` could be a DAT."""
    return csv.writer(_in_memory(file), *arguments, **options)


class DictWriter(csv.DictWriter):  # type: ignore[type-arg]
    """`csv.DictWriter`, to a text in memory."""

    def __init__(self, f: object, *arguments: Any, **options: Any) -> None:
        super().__init__(_in_memory(f), *arguments, **options)


class _ArrayType(type):
    """Tells numpy's arrays without being their class."""

    def __instancecheck__(cls, value: object) -> bool:
        numpy = sys.modules.get("numpy")
        return numpy is not None and isinstance(value, numpy.ndarray)


class ndarray(metaclass=_ArrayType):
    """Stands for `numpy.ndarray` in isinstance and in annotations.

    The real constructor lays an array over memory that it does not clear.
    """

    def __new__(cls, *arguments: Any, **options: Any) -> ndarray:
        raise TypeError("make an array with numpy.array, numpy.zeros or numpy.full here")


def empty(*arguments: Any, **options: Any) -> Any:
    """`numpy.empty`, filled with zeros: what other code left in memory is not the script's to see."""
    import numpy

    return numpy.zeros(*arguments, **options)


def empty_like(*arguments: Any, **options: Any) -> Any:
    """`numpy.empty_like`, filled with zeros."""
    import numpy

    return numpy.zeros_like(*arguments, **options)


def errstate(**kinds: str) -> Any:
    """`numpy.errstate` without `call`: it names an object whose `write` numpy calls, which could be a DAT's.

    Raises:
        TypeError: a kind of error that is not known, or another answer to it than ignore, warn, raise or print.
    """
    import numpy

    if not kinds.keys() <= {"all", "divide", "over", "under", "invalid"}:
        raise TypeError("errstate() here takes all, divide, over, under and invalid")
    if not {str(kind) for kind in kinds.values()} <= {"ignore", "warn", "raise", "print"}:
        raise TypeError("errstate() here answers with ignore, warn, raise or print")
    return numpy.errstate(**kinds)  # type: ignore[arg-type]


SAFE_MEMBERS: Mapping[str, Mapping[str, Any]] = {
    "collections": {"defaultdict": defaultdict, "deque": deque, "namedtuple": namedtuple},
    "copy": {"copy": copied, "deepcopy": copied_deeply},
    "csv": {"DictWriter": DictWriter, "writer": csv_writer},
    "dataclasses": {"dataclass": dataclass},
    "decimal": {"Decimal": Decimal},
    "difflib": {"Differ": Differ, "SequenceMatcher": SequenceMatcher},
    "enum": {"Enum": _Enum, "IntEnum": _IntEnum, "StrEnum": _StrEnum, "Flag": _Flag, "IntFlag": _IntFlag},
    "functools": {"cmp_to_key": cmp_to_key},
    "io": {"BytesIO": BytesIO, "StringIO": StringIO},
    "json": {"JSONEncoder": JSONEncoder},
    "numpy": {"empty": empty, "empty_like": empty_like, "errstate": errstate, "ndarray": ndarray},
    "pprint": {"pp": print_pretty_unsorted, "pprint": print_pretty},
    "string": {"Template": Template},
    "sys": {"stderr": Stream("stderr"), "stdout": Stream("stdout")},
    "textwrap": {"TextWrapper": TextWrapper},
    "typing": {"TypedDict": TypedDict},
    "traceback": {"format_exc": format_exc, "print_exc": print_exc},
}

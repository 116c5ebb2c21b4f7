"""The description of PolicyGuard: `component_spec`. What its DATs hold is read from ``td_extension/``."""

from __future__ import annotations

import re
from pathlib import Path

from .spec import Colour, ComponentSpec, CustomParameter, Kind, OperatorSpec, Page, Setting, Style

NAME = "PolicyGuard"
EXTENSION = "PolicyGuardExt"
SOURCE = Path(__file__).resolve().parent.parent.parent / "td_extension"

_ENTRY_POINTS = {
    "extension.py": EXTENSION,
    "embedded.py": "embedded",
    "callbacks.py": "callbacks",
    "frame_callbacks.py": "frame_callbacks",
    "parameter_callbacks.py": "parameter_callbacks",
    "policy_callbacks.py": "policy_callbacks",
}
"""Modules that TouchDesigner itself runs: they stand in the component, the core under ``source``."""

_EMBEDDED = (".py", ".json", ".tsv")
"""Not the catalog's YAML, from which its JSON is built."""

_ACCESS = ("Requirekey", "Hosts", "Peers")

_CODE: Colour = (0.35, 0.45, 0.6)
_TABLE: Colour = (0.6, 0.55, 0.3)
_START: Colour = (0.55, 0.55, 0.55)

_PYTHON = Setting("language", "python")
_CALLBACKS = {
    "frame_callbacks": (
        Kind.EXECUTE,
        (Setting("start", True), Setting("create", True), Setting("framestart", True), _PYTHON),
        "looks after the guarded servers, once a frame",
    ),
    "parameter_callbacks": (
        Kind.PARAMETER_EXECUTE,
        (
            Setting("op", ".."),
            Setting("pars", "*"),
            Setting("custom", True),
            Setting("builtin", False),
            Setting("valuechange", True),
            Setting("onpulse", True),
            _PYTHON,
        ),
        "obeys the custom parameters",
    ),
    "policy_callbacks": (
        Kind.DAT_EXECUTE,
        (Setting("dat", "policy"), Setting("tablechange", True), _PYTHON),
        "sees an edited policy",
    ),
}
_TEXTS = {
    EXTENSION: "the extension: life-cycle, parameters, promoted methods",
    "embedded": "imports the modules of source",
    "callbacks": "stands in front of the guarded servers, also where the guard does not load",
}
_TABLES = {
    "problems": ("severity place message remedy", "what is wrong with the policy"),
    "decisions": ("time decision grant tool outcome code rule message", "the last 500 decisions"),
    "approvals": ("id summary", "the calls that wait for a person"),
    "status": ("server state callbacks", "what is guarded, and what is not"),
}


def component_spec(source: Path = SOURCE) -> ComponentSpec:
    """Describe PolicyGuard.

    Args:
        source: the folder ``td_extension``.

    Raises:
        ValueError: a file is not what can be embedded; says which.
    """
    version = _version(source)
    children = [*_entry_points(source), _policy(source), *_tables(), _package(source, "source", 3, -8, _ENTRY_POINTS)]
    root = OperatorSpec(
        NAME,
        Kind.BASE,
        0,
        0,
        160,
        130,
        _START,
        comment="PolicyGuard, not started",
        is_viewer_on=True,
        settings=(
            Setting("ext0object", f"op('./{EXTENSION}').module.{EXTENSION}(me)"),
            Setting("ext0name", EXTENSION),
            Setting("ext0promote", True),
            Setting("initextonstart", True),
            Setting("opshortcut", NAME),
            Setting("enableexternaltox", False),
        ),
        pages=_pages(version, _presets(source)),
        children=tuple(children),
    )
    kept = ("Enable", "Mode", "Servers", "Originals", "Source", "File", "Preset", "Folder", *_ACCESS)
    return ComponentSpec(root, version, kept, ("policy",), ("Originals", EXTENSION, "callbacks"))


def _pages(version: str, presets: list[str]) -> tuple[Page, ...]:
    modes = (("enforce", "Enforce"), ("monitor", "Monitor"), ("lockdown", "Lockdown"))
    sources = (("table", "Table"), ("file", "File"), ("preset", "Preset"))
    guard = (
        CustomParameter("Enable", "Enable", Style.TOGGLE, True),
        CustomParameter("Mode", "Mode", Style.MENU, "enforce", modes),
        CustomParameter("Servers", "Servers", Style.STR),
        _pulse("Install", "Install"),
        _pulse("Uninstall", "Uninstall"),
        _pulse("Reloadpolicy", "Reload Policy"),
        _pulse("Lockdown", "Lockdown"),
        CustomParameter("Status", "Status", Style.STR, is_read_only=True),
        CustomParameter("Version", "Version", Style.STR, version, is_read_only=True),
        CustomParameter("Originals", "Original Callbacks", Style.STR, is_read_only=True),
    )
    access = (
        CustomParameter("Requirekey", "Require Key", Style.TOGGLE, False),
        CustomParameter("Hosts", "Hosts", Style.STR),
        CustomParameter("Peers", "Peers", Style.STR),
    )
    policy = (
        CustomParameter("Source", "Source", Style.MENU, "table", sources),
        CustomParameter("File", "File", Style.FILE),
        CustomParameter("Preset", "Preset", Style.MENU, presets[0], tuple((one, one.title()) for one in presets)),
        _pulse("Openpolicy", "Open Policy"),
    )
    approvals = (
        CustomParameter("Pending", "Pending", Style.STR, is_read_only=True),
        _pulse("Approvenext", "Approve Next"),
        _pulse("Denynext", "Deny Next"),
    )
    audit = (
        CustomParameter("Folder", "Folder", Style.STR),
        _pulse("Verify", "Verify"),
        _pulse("Openlog", "Open Log"),
    )
    return (
        Page("Guard", guard),
        Page("Access", access),
        Page("Policy", policy),
        Page("Approvals", approvals),
        Page("Audit", audit),
    )


def _pulse(name: str, label: str) -> CustomParameter:
    return CustomParameter(name, label, Style.PULSE, False)


def _entry_points(source: Path) -> list[OperatorSpec]:
    found = []
    for position, (file, name) in enumerate(_ENTRY_POINTS.items()):
        kind, settings, comment = _CALLBACKS.get(name, (Kind.TEXT, (_PYTHON,), _TEXTS.get(name, "")))
        text = _text(source / file)
        found.append(_dat(name, kind, position, 0, _CODE, comment=comment, settings=settings, text=text))
    return found


def _policy(source: Path) -> OperatorSpec:
    text = _text(source / "policy" / "presets" / "default.tsv")
    rows = tuple(tuple(line.split("\t")) for line in text.removesuffix("\n").split("\n"))
    return _dat("policy", Kind.TABLE, 0, -4, _TABLE, comment="the policy: edit a cell", is_viewer_on=True, rows=rows)


def _tables() -> list[OperatorSpec]:
    return [
        _dat(name, Kind.TABLE, position, -4, _TABLE, comment=comment, is_viewer_on=True, rows=(tuple(heads.split()),))
        for position, (name, (heads, comment)) in enumerate(_TABLES.items(), start=1)
    ]


def _package(folder: Path, name: str, column: int, row: int, left_out: dict[str, str] | None = None) -> OperatorSpec:
    """A folder is a Base COMP, a module a Text DAT; the dot of a data file's name becomes an underscore."""
    inside: list[OperatorSpec] = []
    for path in sorted(folder.iterdir()):
        column_inside, row_inside = len(inside) % 8, -2 * (len(inside) // 8)
        if path.is_dir() and _is_package(path):
            inside.append(_package(path, path.name, column_inside, row_inside))
        elif path.is_file() and path.suffix in _EMBEDDED and path.name not in (left_out or {}):
            is_code = path.suffix == ".py"
            dat_name = path.stem if is_code else path.name.replace(".", "_")
            settings = (_PYTHON,) if is_code else (Setting("language", "text"),)
            colour = _CODE if is_code else _TABLE
            inside.append(
                _dat(dat_name, Kind.TEXT, column_inside, row_inside, colour, settings=settings, text=_text(path))
            )
    settings = (Setting("enableexternaltox", False),)
    place = (200 * column, 70 * row)
    return OperatorSpec(name, Kind.BASE, *place, 160, 130, _CODE, settings=settings, children=tuple(inside))


def _is_package(folder: Path) -> bool:
    return not folder.name.startswith(".") and any(path.suffix in _EMBEDDED for path in folder.iterdir())


def _dat(
    name: str,
    kind: Kind,
    column: int,
    row: int,
    colour: Colour,
    *,
    comment: str = "",
    is_viewer_on: bool = False,
    settings: tuple[Setting, ...] = (),
    text: str | None = None,
    rows: tuple[tuple[str, ...], ...] | None = None,
) -> OperatorSpec:
    place = (200 * column, 70 * row)
    return OperatorSpec(name, kind, *place, 130, 90, colour, comment, is_viewer_on, settings, text, rows)


def _presets(source: Path) -> list[str]:
    return sorted(path.stem for path in (source / "policy" / "presets").glob("*.tsv"))


def _text(file: Path) -> str:
    """The text of a file that can be embedded.

    Raises:
        ValueError: it is not UTF-8, or its line ends are not LF alone.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8: {error}") from None
    if "\r" in text or "\0" in text or text.startswith("\ufeff"):
        raise ValueError(f"{file}: a carriage return, a zero byte or a byte order mark cannot be embedded")
    return text


def _version(source: Path) -> str:
    found = re.search(r'^__version__ = "([^"]+)"$', _text(source / "__init__.py"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{source / '__init__.py'}: there is no __version__")
    return found[1]

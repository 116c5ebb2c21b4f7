"""How a component is described: operators, parameters, custom pages and what the DATs hold. Values only.

A description says everything about a component and nothing about how it comes into TouchDesigner: `tree` writes it as
an expanded .tox, `building` builds it through TouchDesigner's Python API.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

Colour = tuple[float, float, float]

_OPERATOR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CUSTOM_NAME = re.compile(r"[A-Z][a-z0-9]*")


class Kind(enum.Enum):
    """The operator types that a component may have, by their names in TouchDesigner's Python."""

    BASE = "baseCOMP"
    TEXT = "textDAT"
    TABLE = "tableDAT"
    EXECUTE = "executeDAT"
    DAT_EXECUTE = "datexecuteDAT"
    PARAMETER_EXECUTE = "parameterexecuteDAT"
    FIFO = "fifoDAT"


class Style(enum.Enum):
    """The styles of custom parameters that a component may have, by TouchDesigner's names.

    There are no others, because §6.2 of td_runtime.md gives the numbers by which the expanded form knows a style for
    these and a few unneeded ones only. A Folder parameter is not among them: such a path is a Str here.
    """

    TOGGLE = "Toggle"
    STR = "Str"
    PULSE = "Pulse"
    MENU = "Menu"
    FILE = "File"


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of one built-in parameter.

    Attributes:
        name: the parameter, e.g. ``framestart``.
        value: its constant value.
        expression: a Python expression that gives the value instead; empty for none.
    """

    name: str
    value: str | bool
    expression: str = ""


@dataclass(frozen=True, slots=True)
class CustomParameter:
    """One custom parameter.

    Attributes:
        name: one capital letter, then lower-case letters and digits (TouchDesigner's rule for custom parameters).
        label: what the dialog shows.
        style: its style.
        default: its value at first; of a menu a token; of a pulse False.
        menu: of a menu, token and label of each item.
        is_read_only: a person cannot edit it.

    Raises:
        ValueError: the name or the default does not fit.
    """

    name: str
    label: str
    style: Style
    default: str | bool = ""
    menu: tuple[tuple[str, str], ...] = ()
    is_read_only: bool = False

    def __post_init__(self) -> None:
        if not _CUSTOM_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: one capital letter, then lower-case letters and digits only")
        if isinstance(self.default, bool) is not (self.style in (Style.TOGGLE, Style.PULSE)):
            raise ValueError(f"{self.name}: {self.default!r} is no value of a {self.style.value}")
        if bool(self.menu) is not (self.style is Style.MENU):
            raise ValueError(f"{self.name}: a Menu has items, and nothing else has")
        if self.menu and self.default not in dict(self.menu):
            raise ValueError(f"{self.name}: {self.default!r} is none of the menu's tokens")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of custom parameters."""

    name: str
    parameters: tuple[CustomParameter, ...]


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """One operator with all that is inside.

    Attributes:
        name: its name; letters, digits and underscores.
        kind: its type.
        x: where its node stands, left edge, in TouchDesigner's network units.
        y: lower edge.
        width: of the node.
        height: of the node.
        colour: of the node, red, green and blue from 0 to 1.
        comment: of the node.
        is_viewer_on: whether the node shows its content.
        settings: the built-in parameters whose values are not TouchDesigner's defaults.
        text: what a text-holding DAT holds; None for other operators.
        rows: what a Table DAT holds; None for other operators.
        pages: the custom pages of a component.
        children: the operators inside a component.

    Raises:
        ValueError: the name is illegal, two children have one name, or the content does not fit the type.
    """

    name: str
    kind: Kind
    x: int
    y: int
    width: int
    height: int
    colour: Colour
    comment: str = ""
    is_viewer_on: bool = False
    settings: tuple[Setting, ...] = ()
    text: str | None = None
    rows: tuple[tuple[str, ...], ...] | None = None
    pages: tuple[Page, ...] = ()
    children: tuple[OperatorSpec, ...] = ()

    def __post_init__(self) -> None:
        if not _OPERATOR_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of an operator")
        names = [child.name for child in self.children]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.name}: two operators inside have the same name")
        parameters = [parameter.name for page in self.pages for parameter in page.parameters]
        if len(set(parameters)) < len(parameters):
            raise ValueError(f"{self.name}: two custom parameters have the same name")
        if (self.rows is not None) is not (self.kind is Kind.TABLE):
            raise ValueError(f"{self.name}: a table has rows, and nothing else has")
        if self.rows is not None and len({len(row) for row in self.rows}) > 1:
            raise ValueError(f"{self.name}: the rows of a table have one width")
        if (self.text is None) is not (self.kind in (Kind.BASE, Kind.TABLE, Kind.FIFO)):
            raise ValueError(f"{self.name}: a DAT that holds text has a text, and nothing else has")
        if self.kind is not Kind.BASE and (self.children or self.pages):
            raise ValueError(f"{self.name}: only a component holds operators and custom pages")


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """One component.

    Attributes:
        root: its own COMP.
        version: its version.
        kept: the custom parameters whose values a newer version takes over from an older one, in a project.
        kept_tables: the Table DATs inside whose cells it takes over.
        marks: what only such a component has, by which an older one is found: custom parameters and operators inside.
    """

    root: OperatorSpec
    version: str
    kept: tuple[str, ...]
    kept_tables: tuple[str, ...]
    marks: tuple[str, ...]

"""Members that are judged, and watched, in a way of their own."""

from __future__ import annotations

MAKERS = frozenset({"create", "copy", "copyOPs", "changeType", "copyParameters", "connect", "setInputs"})
"""Methods judged by their arguments too: they are called through a hook, which also remembers what was made."""

CONTENT = frozenset(
    {
        "write", "clear", "appendRow", "appendRows", "appendCol", "appendCols", "insertRow", "insertRows", "insertCol",
        "insertCols", "replaceRow", "replaceRows", "replaceCol", "replaceCols", "deleteRow", "deleteRows", "deleteCol",
        "deleteCols", "setSize",
    }
)  # fmt: skip
"""Methods that change what is in a DAT: they are called through a hook, which judges what has come of it."""

FILLING = frozenset({"fillTable"})
"""Methods that change what is in the DAT that they are given."""

SIZED = frozenset(
    {
        "center", "ljust", "rjust", "zfill", "expandtabs", "replace", "translate", "format", "format_map", "join",
        "to_bytes", "randbytes", "digest", "hexdigest", "elements", "expand", "repeat", "resize", "outer", "astype",
        "sort", "fromkeys", "index", "remove", "count", "update", "union", "symmetric_difference",
        "symmetric_difference_update", "samples", "quantiles", "choices", "getrandbits", "multivariate_normal", "fill",
    }
)  # fmt: skip
"""Methods that make a value as large as their arguments say: they are called through a hook, which looks at these."""

SIZED_BUILTINS = frozenset(
    {"range", "iter", "pow", "format", "sum", "repr", "ascii", "hash", "sorted", "min", "max", "round"}
)
"""Builtins that a script gets in a form that looks at its arguments."""

FORMATTING = frozenset({"format", "format_map"})
"""Methods whose template reaches into the values that fill it."""

STORING = frozenset({"store", "storeStartupValue"})
"""Methods that keep a value on an operator: what is no plain data may run when it is found there again."""

LIVE = frozenset({"storage", "fetch"})
"""Members that hand out what is kept on an operator, or above it, so that it can be changed in place."""

SAVING = frozenset({"save", "saveExternalTox", "saveTox", "exportMovie", "loadTox"})
"""Methods that take the path of a file: they are called through a hook, which looks where it leads."""

EXPRESSIONS = frozenset({"expr", "bindExpr", "defaultExpr", "defaultBindExpr", "enableExpr", "menuSource"})
"""Members of a parameter whose text TouchDesigner evaluates."""

BINDINGS = frozenset({"bindExpr", "defaultBindExpr"})
"""Those of `EXPRESSIONS` that tie a parameter to another, which then takes its values."""

LOADING_ANEW = frozenset(
    {
        "externaltox", "enableexternaltox", "enableexternaltoxpulse", "reinitnet", "clone", "enablecloning",
        "enablecloningpulse", "loadondemand", "reloadcustom", "reloadbuiltin",
    }
)  # fmt: skip
"""Parameters by which a COMP throws away what lies in it, and takes something else in its place."""

OF_THE_GUARDS_PARENT = frozenset({"destroy", "name", "allowCooking", "bypass", "activate", "changeType"})
"""Members that undo the guard also where they are used on a COMP that it lies in."""

"""The verdicts on corpus scripts that are not simply *deny what is to be denied, allow the rest*, each with its reason.

Every entry is checked: one that is no longer an exception fails a test.
"""

from __future__ import annotations

DECIDED_AT_RUN_TIME: dict[str, str] = {
}
"""Scripts to deny that the static judge lets pass: the capability of the run-time check, and what that check sees."""

HONEST_BUT_REFUSED: dict[str, str] = {}
"""Scripts to allow that the static judge refuses, and why they stay refused."""

GREY: dict[str, tuple[str, str]] = {
    "m-ns-locals": ("deny", "`locals` gives the namespace as a dict, in which the watch's hooks stand"),
    "m-env-platform": ("deny", "what the machine is called is no part of a network of operators"),
    "m-td-dat-append-row": ("deny", "the row lands in a DAT whose name says that TouchDesigner executes it"),
    "m-td-par-mode-val": ("allow", "the expression was there before, and what a parameter evaluates to may be looked at"),
    "m-td-clone": ("deny", "a clone brings the code of its master with it"),
    "m-td-storage-callable": ("allow", "storing is plain; that what is stored is plain data too is seen at run time"),
    "m-td-reset-pars": ("deny", "it throws away settings that no script can bring back"),
    "m-td-bypass-all": ("allow", "a flag, which can be set back; how many operators may be touched is the policy's to say"),
    "m-td-cookrate": ("deny", "td.project: how fast the whole show runs"),
    "m-td-realtime-off": ("deny", "td.project: whether the whole show keeps time"),
    "m-td-perform-mode": ("deny", "td.project: whether the show is on"),
    "m-td-setvar": ("deny", "td.project: paths to files and to code go through variables"),
    "m-td-top-save": ("deny", "file.write: it writes a file to a path of its choice"),
    "m-td-udpout": ("deny", "net: it speaks to another machine"),
    "m-td-video-device": ("deny", "td.project: it switches a camera on"),
    "m-td-audio-device": ("deny", "td.project: it switches a microphone on"),
    "m-td-ui-clipboard-read": ("deny", "td.ui: a person's clipboard may hold a password"),
    "m-td-ui-textport": ("deny", "td.ui: it opens a window over the show"),
    "m-td-ui-window": ("deny", "td.project: it opens a window over the show"),
    "m-td-licenses": ("deny", "td.project: licences and the machine's identity are no part of the network"),
    "m-parse-last-line-docstring": ("allow", "the text is a constant: our executor never reads a line a second time"),
    "m-parse-last-line-fstring": ("allow", "the text is a value: our executor never reads a line a second time"),
    "b-create-glsl-dat": ("allow", "a shader is data to Python; which DAT it lands in is seen at run time"),
    "b-par-set-many": ("allow", "which parameters the names mean is seen at run time"),
    "b-par-bind": ("allow", "the binding is a plain expression"),
    "b-query-current-pane": ("allow", "looking at what a person looks at changes nothing"),
    "b-query-flags": ("allow", "every name that `getattr` can be given here stands in the text"),
    "b-query-attrs-help": ("allow", "`dir` gives public names only; what is done with a name is judged where it is used"),
    "b-math-class-particle": ("allow", "a plain class with an `__init__`"),
    "b-dat-glsl-uniform": ("allow", "a shader is data to Python; which DAT it lands in is seen at run time"),
    "b-dat-glsl-new": ("allow", "a shader is data to Python; which DAT it lands in is seen at run time"),
    "b-dat-replace-tokens": ("allow", "the fields of the format are plain names"),
    "b-layout-align-left": ("allow", "moving what a person has selected is plain editing"),
    "b-image-get-top": (
        "deny",
        "it destroys what it may not have created; `get_top_image` itself is known by its tree and is not judged here",
    ),
    "b-sop-centroid": ("allow", "every name that `getattr` can be given here stands in the text"),
    "b-anim-expr-ladder": ("allow", "only a number is filled into a plain expression; the watch looks at the whole"),
    "b-with-undo": ("allow", "an undo block helps the person"),
    "b-ui-status": ("allow", "a line of status disturbs nobody"),
    "b-ui-pane-home": ("allow", "a pane is moved, no focus is taken"),
    "b-camera-orbit": ("allow", "the expressions are plain"),
    "b-multiline-string-last": ("allow", "the text is prose; which DAT it lands in is seen at run time"),
    "b-global-var": ("allow", "`global` binds a name of the script's own"),
    "b-op-shortcuts-read": ("allow", "the shortcut is not the guard's"),
    "b-ext-call-public": ("deny", "td.run: a promoted method runs code that is in the project"),
    "b-perlin-displace-net": ("allow", "which parameters the names mean is seen at run time"),
}
"""The decision we take about each script on which reasonable policies differ, and why."""

"""Known tricks on touchdesigner-mcp and its guards, each as the request that plays it (mcp_servers.md sections 2.3, 2.4,
6.1 and 7).

Most of them make an operator, ``EVIL``; some import the module ``evil_module``, which writes a file.
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

EVIL = "op('/project1').create(noiseTOP, 'evil')"
"""A script that the policy of the tests allows: where it has no effect, it is because of how it was sent."""
IMPORTED = "evil_module"
SCRIPT = "/api/td/server/exec"
NODES = "/api/nodes"
DETAIL = "/api/nodes/detail"
METHOD = "/api/td/nodes/exec"
BASE = "/project1/mcp_webserver_base"
GUARD = "/project1/PolicyGuard"


@dataclass(frozen=True)
class Trick:
    """One request, and what must come of it.

    Attributes:
        name: what is tried.
        code: the stable code of the refusal; ``403`` for an empty one; empty where the call may be answered, but
            without the effect.
        method: of the request.
        path: with the query, as it stands on the wire.
        body: bytes as they are, else JSON; None for none.
        headers: beside those that every request has.
        works: whether the real server plays along when it is not guarded.
    """

    name: str
    code: str
    method: str
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    works: bool = False


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def script(name: str, code: str, text: str, works: bool = False) -> Trick:
    return Trick(name, code, "POST", SCRIPT, {"script": text}, works=works)


def update(name: str, code: str, path: str, /, **properties: Any) -> Trick:
    return Trick(name, code, "PATCH", DETAIL, {"nodePath": path, "properties": properties})


def method(name: str, code: str, path: str, member: str, /, *args: Any, **kwargs: Any) -> Trick:
    return Trick(name, code, "POST", METHOD, {"nodePath": path, "method": member, "args": list(args), "kwargs": kwargs})


def create(name: str, code: str, kind: str, /, parent: str = "/project1", **parameters: Any) -> Trick:
    body = {"parentPath": parent, "nodeType": kind, "nodeName": "evil"}
    return Trick(name, code, "POST", NODES, {**body, "parameters": parameters} if parameters else body, works=True)


def _of_the_parser() -> Iterator[Trick]:
    """Section 2.3: what the server reads otherwise than a guard that looks at ``json.loads(data)['script']``."""
    evil = json.dumps({"script": EVIL})
    safe = {"script": "1"}
    for name in ("body", "Body", "BODY", "query", "headers", "Client-Address", "DATA", "Uri", "METHOD"):
        yield Trick(f"a header named {name}", "reserved-header", "POST", SCRIPT, safe, {name: evil}, name == "body")
    for name in ("script", "SCRIPT", "Script"):
        path = f"{SCRIPT}?{name}={quoted(EVIL)}"
        yield Trick(f"?{name}= and no body", "misplaced-argument", "POST", path, None, {}, True)
    yield Trick("?script= beside a body", "misplaced-argument", "POST", f"{SCRIPT}?script={quoted(EVIL)}", safe)
    yield Trick("POST ?body=", "body-in-query", "POST", f"{SCRIPT}?body={quoted(evil)}", None, {}, True)
    for verb in ("GET", "DELETE"):
        yield Trick(f"{verb} ?body=", "unknown-route", verb, f"{SCRIPT}?body={quoted(evil)}")
    node = quoted('{"parentPath":"/project1","nodeType":"noiseTOP","nodeName":"evil"}')
    yield Trick("POST nodes ?body=", "body-in-query", "POST", f"{NODES}?body={node}", None, {}, True)
    notes = quoted('{"nodePath":"/project1/notes"}')
    yield Trick("DELETE nodes ?body=", "body-in-query", "DELETE", f"{NODES}?body={notes}", None, {}, True)
    yield Trick("DELETE with a body", "misplaced-argument", "DELETE", NODES, {"nodePath": "/project1/notes"})
    yield Trick("an alias after the name", "ambiguous-argument", "POST", SCRIPT, {"script": "1", "SCRIPT": EVIL}, {}, True)
    yield Trick("an alias before the name", "ambiguous-argument", "POST", SCRIPT, {"Script": EVIL, "script": "1"})
    yield Trick("an alias alone", "misspelled-argument", "POST", SCRIPT, {"SCRIPT": EVIL}, {}, True)
    twice = b'{"script": "1", "script": ' + json.dumps(EVIL).encode() + b"}"
    yield Trick("a key twice", "duplicate-key", "POST", SCRIPT, twice, {}, True)
    two = {"parentPath": "/sys", "parent_path": "/project1", "nodeType": "noiseTOP", "nodeName": "evil"}
    yield Trick("two spellings of a path", "ambiguous-argument", "POST", NODES, two, {}, True)
    yield Trick("a class in path and query", "misplaced-argument", "GET", "/api/td/classes/app?className=project")
    by_id = {"nodePath": 1, "properties": {"name": "evil"}}
    yield Trick("an id for a path", "mistyped-argument", "PATCH", DETAIL, by_id)
    yield Trick("an id for a path in the query", "unresolved-path", "DELETE", f"{NODES}?nodePath=1")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"):
        yield Trick(f"JSON called {kind}", "content-type", "POST", SCRIPT, {"script": EVIL}, {"Content-Type": kind}, True)
    for path in (SCRIPT + "/", "/" + SCRIPT, SCRIPT + "%3Fx", SCRIPT + "%00", "/API" + SCRIPT[4:], "/api/td/classes/%2e%2e/server/exec"):
        yield Trick(f"a route like {path}", "unknown-route", "POST", path, {"script": EVIL})
    for verb in ("PUT", "PROPFIND", "TRACE", "GET"):
        yield Trick(f"{verb} for a method", "unknown-route", verb, SCRIPT, {"script": EVIL})
    yield Trick("a body that is no JSON", "malformed-body", "POST", SCRIPT, EVIL.encode())
    yield Trick("a list for a body", "malformed-body", "POST", SCRIPT, [{"script": EVIL}])
    yield Trick("NaN in the body", "malformed-body", "POST", SCRIPT, b'{"script": NaN}')
    yield Trick("half a surrogate", "malformed-body", "POST", SCRIPT, b'{"script": "\\ud800"}')
    hosts = ("evil.example", "localhost@evil.example", "evil@127.0.0.1", "127.0.0.1/x", "127.0.0.1:9981#", "0.0.0.0", "127.0.0.1 x")
    for host in hosts:
        yield Trick(f"the host {host}", "403", "POST", SCRIPT, {"script": EVIL}, {"Host": host})
    marks = (
        ("Origin", "null"), ("Origin", "http://127.0.0.1"), ("Referer", "http://x/"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "image"), ("Access-Control-Request-Method", "POST"),
    )  # fmt: skip
    for mark, value in marks:
        yield Trick(f"{mark}: {value}", "403", "POST", SCRIPT, {"script": EVIL}, {mark: value}, True)
    yield Trick("a preflight", "403", "OPTIONS", SCRIPT)
    yield Trick("a proxy's mark", "foreign-peer", "POST", SCRIPT, {"script": EVIL}, {"X-Forwarded-For": "203.0.113.9"}, True)
    yield Trick("a key that is none", "unknown-grant", "POST", SCRIPT, {"script": EVIL}, {"Authorization": "Bearer x"}, True)


def _of_the_executor() -> Iterator[Trick]:
    """Section 2.4: what the server runs beside, or in place of, the script that was sent."""
    yield script("blanks before an expression", "script-syntax", "  " + EVIL, works=True)
    yield script("the last line of a text", "", f"note = '''\n{EVIL} #'''", works=True)
    yield script("a def that is never called", "", f"def f():\n    {EVIL}", works=True)
    yield script("if False", "", f"if False:\n    {EVIL}", works=True)
    yield script("carriage returns", "script-text", f"1\r{EVIL}", works=True)
    for name in ("sys", "importlib", "io", "inspect", "pydoc", "contextlib", "traceback", "api_service"):
        yield script(f"{name} without an import", "unknown-name", f"{name}\n{EVIL}", works=True)
    yield script("__builtins__", "missing-capability", f"__builtins__['__import__']('{IMPORTED}')", works=True)
    yield script("an import in one expression", "missing-capability", f"__import__('{IMPORTED}')", works=True)
    yield script("a loop without an end", "missing-capability", f"while True:\n    pass\n{EVIL}")
    yield script("a giant power", "missing-capability", f"9**9**9\n{EVIL}")


def _of_the_other_routes() -> Iterator[Trick]:
    """Section 6.1: ways to code, files and network that are no script."""
    code = f"import {IMPORTED}"
    own = f"{BASE}/mcp_webserver_script"
    yield update("the server's own callbacks get a text", "missing-capability", own, text=code)
    yield update("the server's own callbacks get a name", "missing-capability", own, name="evil")
    for name, value in (("callbacks", "/project1/notes"), ("port", 1), ("active", 0), ("localaddress", "0.0.0.0")):
        yield update(f"the server's {name}", "missing-capability", f"{BASE}/webserver1", **{name: value})
    for name, value in (("externaltox", "/tmp/x.tox"), ("ext0object", code), ("reinitextensions", 1), ("name", "evil")):
        yield update(f"the {name} of the server's COMP", "missing-capability", BASE, **{name: value})
    yield update("a file outside the project", "missing-capability", "/project1/notes", file="/etc/passwd")
    for kind in ("executeDAT", "scriptDAT", "webserverDAT", "webclientDAT", "evaluateDAT", "cplusplusTOP", "udpinDAT", "webrenderTOP"):
        yield create(f"create {kind}", "missing-capability", kind)
    yield create("create an Execute DAT with a text", "missing-capability", "executeDAT", text=code, active=True)
    yield create("create with externaltox", "missing-capability", "baseCOMP", externaltox="/tmp/x.tox")
    yield create("create in the guard", "missing-capability", "noiseTOP", parent=GUARD)
    paths = (
        "/", "/project1", BASE, f"{BASE}/webserver1", own, GUARD, f"{GUARD}/policy", f"{BASE}/../PolicyGuard", "/project1/Pol*",
        "../../PolicyGuard", "/project1/[P]olicyGuard", "webserver1/../../PolicyGuard",
    )  # fmt: skip
    for path in paths:
        code = "outside-nodes" if path == "/" else "missing-capability"  # it holds what is TouchDesigner's own
        yield Trick(f"delete {path}", code, "DELETE", f"{NODES}?nodePath={quoted(path)}")
    for member, args in (
        ("run", ()), ("save", ("/tmp/x",)), ("loadTox", ("/tmp/x.tox",)), ("saveExternalTox", ()), ("destroy", ()),
        ("__setattr__", ("name", "evil")), ("__getattribute__", ("par",)), ("__init__", ()), ("__reduce__", ()), ("create", ("executeDAT", "evil")),
        ("changeType", ("executeDAT",)), ("Promoted", ()), ("_private", ()), ("noSuch", ()), ("evalExpression", ("1",)),
    ):  # fmt: skip
        yield method(f"the method {member}", "missing-capability", "/project1/notes", member, *args)
    yield method("copy the guard", "missing-capability", "/project1", "copy", GUARD)
    yield method("copy the server", "forbidden-syntax", "/project1", "copyOPs", [f"{BASE}/webserver1"])
    yield method("a method of the guard", "missing-capability", GUARD, "Lockdown")
    for name in (IMPORTED, f"td.{IMPORTED}", "os", "print", "td.ui.clipboard", "td.__class__", "tdu.sys"):
        path = f"/api/td/modules/help?moduleName={name}"
        yield Trick(f"help on {name}", "missing-capability", "GET", path, works=name == IMPORTED)
    yield Trick("a pattern that is dear", "too-much", "GET", f"{NODES}?parentPath=/&pattern={quoted('*a*a*a*a*a*b')}")


def _of_the_rivals() -> Iterator[Trick]:
    """Section 7: what other guards were seen to let pass."""
    code = f"import {IMPORTED}"
    for flag in ("allow_python", "allow_outside_sandbox", "override", "exec_mode", "mode"):
        yield Trick(f"the flag {flag}", "unknown-argument", "POST", SCRIPT, {"script": code, flag: True})
    yield script("a number sign in a text", "missing-capability", f"x = '#'; {code}", works=True)
    yield script("code that is no Python to a checker", "script-syntax", f"{code}\nx = (")
    yield script("__import__ by another name", "missing-capability", f"f = __import__\nf('{IMPORTED}')", works=True)
    yield script("builtins by import", "missing-capability", f"import builtins\nbuiltins.__import__('{IMPORTED}')", works=True)
    yield script("a module's module", "unknown-member", f"import json\njson.codecs.sys.modules\n{EVIL}", works=True)
    yield script("td's module", "unknown-member", f"td.sys.modules\n{EVIL}")
    expr = f"\"__import__('{IMPORTED}')\""
    yield script("setattr of an expression", "missing-capability", f"setattr(op('/project1/noise1').par.period, 'expr', {expr})")
    yield script("an expression with blanks", "missing-capability", f"op('/project1/noise1').par.period.expr   =   {expr}")
    yield script("an alias of destroy", "missing-capability", "d = op('/project1/notes').destroy\nd()", works=True)
    yield script("a call over lines", "missing-capability", "op('/project1/notes'\n).destroy(\n)", works=True)
    yield script("a name in parts", "missing-capability", "getattr(op('/project1/notes'), 'des' + 'troy')()", works=True)
    yield script("a DAT's module", "missing-capability", f"op('/project1/cues').module\n{EVIL}")
    yield script("mod", "missing-capability", f"mod.notes\n{EVIL}")
    yield script("run", "missing-capability", f"run('import {IMPORTED}')")
    yield script("a function's globals", "missing-capability", f"f = lambda: 1\nf.__globals__['__builtins__']\n{EVIL}")
    yield script("a text's __init__", "missing-capability", f"''.__init__.__globals__\n{EVIL}")
    yield script("__getattribute__", "missing-capability", f"object.__getattribute__('', '__class__')\n{EVIL}")
    yield script("save", "missing-capability", f"op('/project1').save('/tmp/policyguard_evil.tox')\n{EVIL}")
    yield script("quit", "missing-capability", f"project.quit()\n{EVIL}")
    yield script("chr", "missing-capability", f"__import__(chr(101) + '{IMPORTED[1:]}')", works=True)
    yield script("the guard by its shortcut", "missing-capability", f"op.PolicyGuard.destroy()\n{EVIL}")
    yield script("the guard by a search", "missing-capability", "[o.destroy() for o in op('/project1').findChildren(name='Policy*')]")
    yield script("the server's callbacks", "missing-capability", f"op('{BASE}/webserver1').par.callbacks = '/project1/notes'")


TRICKS = [*_of_the_parser(), *_of_the_executor(), *_of_the_other_routes(), *_of_the_rivals()]

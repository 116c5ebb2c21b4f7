"""A small MCP server's callbacks script, served by the stand-in when no touchdesigner-mcp build is named.

It answers the routes of touchdesigner-mcp's REST interface (mcp_servers.md section 2.2) as plainly as can be, checks
nothing, and runs whatever Python it is sent: it is there to be guarded. It is the text of a callbacks DAT, so `op`
and `td` are TouchDesigner's globals.
"""

import inspect
import json
import pydoc

import td

POLICYGUARD_DIALECT = "touchdesigner-mcp"


def onServerStart(webServerDAT):
    pass


def onServerStop(webServerDAT):
    pass


def onHTTPRequest(webServerDAT, request, response):
    route = (request["method"], request["uri"])
    arguments = dict(request["pars"])
    if request["data"]:
        arguments.update(json.loads(request["data"]))
    try:
        if route in _ROUTES:
            envelope = {"success": True, "data": _ROUTES[route](**arguments), "error": None}
        elif request["method"] == "GET" and request["uri"].startswith("/api/td/classes/"):
            name = request["uri"].rpartition("/")[2]
            envelope = {"success": True, "data": _class_details(name), "error": None}
        else:
            raise LookupError(f"no route for {route[0]} {route[1]}")
    except Exception as error:
        envelope = {"success": False, "data": None, "error": str(error), "errorCategory": "INTERNAL"}
    response["statusCode"] = 200
    response["statusReason"] = "OK"
    response["content-type"] = "application/json"
    response["data"] = json.dumps(envelope)
    return response


def _info():
    version = f"{td.app.version}.{td.app.build}"
    return {
        "server": "TouchDesigner " + version,
        "version": version,
        "osName": td.app.osName,
        "osVersion": td.app.osVersion,
        "mcpApiVersion": "1.5.0",
    }


def _node(path):
    found = op(path)
    if found is None:
        raise LookupError("no operator at " + path)
    return found


def _summary(node, with_properties=True):
    properties = {par.name: _plain(par.eval()) for par in node.pars("*")} if with_properties else {}
    return {"id": node.id, "name": node.name, "path": node.path, "opType": node.OPType, "properties": properties}


def _plain(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.path if isinstance(value, td.OP) else str(value)


def _nodes(parentPath, pattern="*", includeProperties="false"):
    children = _node(parentPath).findChildren(name=pattern, depth=1)
    return {"nodes": [_summary(child, includeProperties == "true") for child in children]}


def _create(parentPath, nodeType, nodeName=None, parameters=None):
    made = _node(parentPath).create(nodeType, nodeName)
    for name, value in (parameters or {}).items():
        _set(made, name, value)
    return {"result": _summary(made)}


def _delete(nodePath):
    node = _node(nodePath)
    told = _summary(node)
    node.destroy()
    return {"deleted": True, "node": told}


def _update(nodePath, properties):
    node = _node(nodePath)
    for name, value in properties.items():
        _set(node, name, value)
    return {"path": nodePath, "updated": list(properties), "failed": [], "message": "Updated"}


def _set(node, name, value):
    """A parameter of that name, else a member of the operator."""
    if node.par[name] is not None:
        node.par[name].val = value
    else:
        getattr(node, name)
        setattr(node, name, value)


def _errors(nodePath):
    node = _node(nodePath)
    lines = [line for line in node.errors(recurse=True).splitlines() if line]
    errors = [{"nodePath": node.path, "nodeName": node.name, "opType": node.OPType, "message": m} for m in lines]
    told = {"nodePath": node.path, "nodeName": node.name, "opType": node.OPType}
    return {**told, "errorCount": len(errors), "hasErrors": bool(errors), "errors": errors}


def _call(nodePath, method, args=(), kwargs=None):
    return {"result": _plain(getattr(_node(nodePath), method)(*args, **(kwargs or {})))}


def _execute(script):
    names = {"op": op, "td": td}
    exec(script, names)
    return {"result": _plain(names.get("result")), "stdout": "", "stderr": ""}


def _classes():
    names = [name for name in dir(td) if not name.startswith("_")]
    return {"classes": [{"name": name, "description": ""} for name in names]}


def _class_details(name):
    found = getattr(td, name)
    members = [member for member in dir(found) if not member.startswith("_")]
    listed = [{"name": member, "description": "", "type": ""} for member in members]
    told = {"name": name, "type": type(found).__name__, "description": inspect.getdoc(found) or ""}
    return {**told, "methods": listed, "properties": []}


def _help(moduleName):
    text = pydoc.render_doc(getattr(td, moduleName, td), renderer=pydoc.plaintext)
    return {"moduleName": moduleName, "helpText": text}


_ROUTES = {
    ("GET", "/api/td/server/td"): _info,
    ("POST", "/api/td/server/exec"): _execute,
    ("GET", "/api/nodes"): _nodes,
    ("POST", "/api/nodes"): _create,
    ("DELETE", "/api/nodes"): _delete,
    ("GET", "/api/nodes/detail"): lambda nodePath: _summary(_node(nodePath)),
    ("PATCH", "/api/nodes/detail"): _update,
    ("GET", "/api/nodes/errors"): _errors,
    ("GET", "/api/td/classes"): _classes,
    ("GET", "/api/td/modules/help"): _help,
    ("POST", "/api/td/nodes/exec"): _call,
}

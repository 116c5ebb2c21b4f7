"""A web page at another origin, in a real browser, can neither read from a guarded server nor act on it.

Needs Chromium (Debian and Ubuntu: ``apt install chromium``), or POLICYGUARD_CHROMIUM with the path of another browser of
that family.
"""

from __future__ import annotations

import http.server
import json
import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.serving import Served, serving

CHROMIUM = os.environ.get("POLICYGUARD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium here: apt install chromium, or set POLICYGUARD_CHROMIUM"
)

EVIL = "op('/project1').create('noiseTOP', 'evil')"
EXEC = "/api/td/server/exec"
NAME = "evil.example"
"""A host of the attacker's that now leads to this machine, as after DNS rebinding."""

HELPERS = """
const told = (promise) => promise.then(
    async (r) => r.type === 'opaque' ? 'opaque' : 'read ' + r.status + ' ' + await r.text(), (e) => 'blocked');
const framed = (form) => new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.name = 'f' + Math.random();
    document.body.append(frame);
    frame.onload = () => { try { done('read ' + frame.contentDocument.body.innerText); } catch (e) { done('blocked'); } };
    form(frame);
});
const posted = (url, enctype, name, value) => framed((frame) => {
    const form = document.createElement('form');
    Object.assign(form, {method: 'POST', action: url, enctype, target: frame.name});
    const field = document.createElement('input');
    Object.assign(field, {type: 'hidden', name, value});
    form.append(field);
    document.body.append(form);
    form.submit();
});
const loaded = (tag, url) => new Promise((done) => {
    const one = document.createElement(tag);
    one.onload = () => done('read');
    one.onerror = () => done('blocked');
    one.src = url;
    document.body.append(one);
});
const spoken = (url, text) => new Promise((done) => {
    const socket = new WebSocket(url);
    let heard = '';
    socket.onopen = () => socket.send(text);
    socket.onmessage = (m) => { heard += 'read ' + m.data; };
    socket.onclose = () => done(heard || 'blocked');
});
"""
JSON = json.dumps({"script": EVIL})
WAYS = {
    "fetch, simple": f"told(fetch(URL + '{EXEC}', {{method: 'POST', body: SCRIPT}}))",
    "fetch, GET": "told(fetch(URL + '/api/nodes?parentPath=/project1'))",
    "fetch, the handshake": "told(fetch(URL + '/api/td/server/td'))",
    "fetch, preflighted": f"told(fetch(URL + '{EXEC}', {{method: 'POST', body: SCRIPT, headers: {{'Content-Type': 'application/json'}}}}))",
    "fetch, DELETE": "told(fetch(URL + '/api/nodes?nodePath=/project1/notes', {method: 'DELETE'}))",
    "fetch, no-cors": f"told(fetch(URL + '{EXEC}', {{method: 'POST', body: SCRIPT, mode: 'no-cors'}}))",
    "fetch, no-cors by GET": f"told(fetch(URL + '{EXEC}?script=' + encodeURIComponent(EVIL), {{mode: 'no-cors', referrerPolicy: 'no-referrer'}}))",
    "fetch, no-cors, called a form": f"told(fetch(URL + '{EXEC}', {{method: 'POST', body: new URLSearchParams({{script: EVIL}}), mode: 'no-cors'}}))",
    "a beacon": f"Promise.resolve(navigator.sendBeacon(URL + '{EXEC}', SCRIPT)).then(() => 'blocked')",
    "a form, text/plain": f"posted(URL + '{EXEC}', 'text/plain', SCRIPT.slice(0, -2) + ' #', '\"}}')",
    "a form, urlencoded": f"posted(URL + '{EXEC}', 'application/x-www-form-urlencoded', 'script', EVIL)",
    "a form, multipart": f"posted(URL + '{EXEC}', 'multipart/form-data', 'script', EVIL)",
    "a form by its query": f"posted(URL + '{EXEC}?script=' + encodeURIComponent(EVIL), 'text/plain', 'x', '')",
    "an image": f"loaded('img', URL + '{EXEC}?script=' + encodeURIComponent(EVIL))",
    "a script": "loaded('script', URL + '/api/td/server/td')",
    "a frame": "framed((frame) => { frame.referrerPolicy = 'no-referrer'; frame.src = URL + '/api/nodes?parentPath=/project1'; })",
    "an EventSource": "new Promise((done) => { const s = new EventSource(URL + '/api/td/server/td'); s.onerror = () => { s.close(); done('blocked'); }; s.onmessage = () => done('read'); })",
    "a WebSocket": "spoken(URL.replace('http', 'ws') + '/', JSON.stringify({id: 1, method: 'script.exec', params: {code: EVIL}}))",
}


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>another origin</title><body></body>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """A web page of somebody else, on a port of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window. Names of the attacker's lead to this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A guarded server that allows every tool."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "policy.json").write_text('{"version":"1","default":"allow"}', encoding="utf-8")
    with serving(folder / "audit", "--policy", str(folder / "policy.json")) as served:
        yield served


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same without a guard."""
    with serving(tmp_path_factory.mktemp("bare"), guarded=False) as served:
        yield served


def play(page: Any, url: str, way: str) -> str:
    """What the page has got by one way."""
    page.set_default_timeout(20_000)
    given = f"const URL = {json.dumps(url)}, EVIL = {json.dumps(EVIL)}, SCRIPT = {json.dumps(JSON)};"
    told: str = page.evaluate(f"async () => {{ {HELPERS} {given} return await {WAYS[way]}; }}")
    return told


def has_evil(server: Served) -> bool:
    return bool(server.script("result = op('/project1/evil') is not None")["data"]["result"])


@pytest.mark.parametrize("way", WAYS)
def test_a_page_at_another_origin_neither_reads_nor_acts(browser: Any, origin: str, guarded: Served, way: str) -> None:
    page = browser.new_page()
    page.goto(origin)
    told = play(page, f"http://127.0.0.1:{guarded.port}", way)
    page.close()
    assert told in ("blocked", "opaque")
    assert not has_evil(guarded)
    assert guarded.script("op('/project1/notes') is not None")["data"]["result"] is True


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("a frame", "a script")])
def test_nor_does_a_page_whose_own_name_was_pointed_here(browser: Any, guarded: Served, way: str) -> None:
    url = f"http://{NAME}:{guarded.port}"
    page = browser.new_page()
    # The page itself came from the attacker's server, before its name was pointed here.
    page.route(f"{url}/page", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body></body>"))
    page.goto(f"{url}/page")
    told = play(page, url, way)
    page.close()
    assert told in ("blocked", "opaque", "read 403 ", "read ")
    assert not has_evil(guarded)


def test_whoever_it_was_is_in_the_audit(guarded: Served) -> None:
    codes = {record["code"] for record in guarded.records() if record["event"] == "decision" and record["outcome"] == "deny"}
    assert codes == {"browser-request"}
    assert [record for record in guarded.records() if record["event"] == "websocket"]


@pytest.mark.parametrize("way", ["fetch, simple", "fetch, no-cors", "a beacon", "a form, text/plain"])
def test_the_same_page_acts_on_a_server_without_a_guard(browser: Any, origin: str, bare: Served, way: str) -> None:
    page = browser.new_page()
    page.goto(origin)
    play(page, f"http://127.0.0.1:{bare.port}", way)
    for _ in range(50):
        if has_evil(bare):
            break
        page.wait_for_timeout(100)
    page.close()
    assert has_evil(bare)
    bare.script("op('/project1/evil').destroy()\nresult = 1")

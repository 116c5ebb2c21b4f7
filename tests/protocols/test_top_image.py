"""`get_top_image` is told from any other script by its shape."""

from __future__ import annotations

import ast
import textwrap

import pytest

from td_extension.protocols.top_image import TopImage, fingerprint, literals, recognise

# A script of the same kind as the real one, in our own words.
SCRIPT = textwrap.dedent(
    """\
    import base64

    node_path = "/project1/noise1"
    max_size = None

    data = op(node_path).saveByteArray('.jpg')
    result = base64.b64encode(bytes(data)).decode('ascii')
    """
)
TREE = ast.parse(SCRIPT)
KNOWN = {fingerprint(TREE, literals(TREE))}


def test_the_known_script_is_recognised_with_its_two_arguments() -> None:
    assert recognise(SCRIPT, KNOWN) == TopImage("/project1/noise1", None)
    larger = SCRIPT.replace("None", "512").replace("/project1/noise1", "/a b/'c")
    assert recognise(larger, KNOWN) == TopImage("/a b/'c", 512)


def test_layout_and_comments_do_not_matter() -> None:
    assert recognise("# sent by hand\n" + SCRIPT.replace("\n\n", "\n"), KNOWN) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".jpg", ".png"),
        ("import base64", "import base64, os"),
        ("data = op(node_path)", "data = op('/x')"),
        ("max_size = None", "max_size = 0"),
        ("max_size = None", "max_size = 16385"),
        ("max_size = None", "max_size = True"),
        ("max_size = None", "max_size = op('/x').destroy()"),
        ("max_size = None", "max_size = None\nmax_size = 5"),
        ('"/project1/noise1"', "7"),
        ('"/project1/noise1"', "open('/etc/passwd').read()"),
        ("result = ", "op('/x').destroy()\nresult = "),
        ("result = ", "result = result2 = "),
    ],
)
def test_any_other_change_makes_it_an_ordinary_script(old: str, new: str) -> None:
    changed = SCRIPT.replace(old, new)
    assert changed != SCRIPT
    assert recognise(changed, KNOWN) is None


@pytest.mark.parametrize("text", ["", "import base64", "node_path = (", "\0 import base64 node_path = .saveByteArray("])
def test_any_text_at_all_is_no_image_but_no_error(text: str) -> None:
    assert recognise(text, KNOWN) is None

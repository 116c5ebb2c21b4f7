"""Compute the digest by which a version of touchdesigner-mcp's get_top_image script is known.

    python3 scripts/top_image_digest.py CHECKOUT [CHECKOUT …]

Each CHECKOUT is a working tree of touchdesigner-mcp, outside this repository. Prints the lines that belong into
``td_extension/protocols/top_image.json``. Only the digest, a fact about that text, is kept; the text is not.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from td_extension.protocols import top_image

_BUILDER = Path("src/features/tools/pythonScripts/getTopImageScript.ts")
_TEMPLATE = re.compile(r"return `(.*?)`;", re.DOTALL)


def digest_of(checkout: Path) -> tuple[str, str]:
    """The version that `checkout` calls itself, and the digest of the script that it would send.

    Raises:
        ValueError: when the template is not where it was, or is no Python any more.
    """
    found = _TEMPLATE.search((checkout / _BUILDER).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{checkout / _BUILDER}: no template literal after 'return'")
    script = found.group(1).replace("${nodePathLiteral}", '"/project1/x"').replace("${maxSizeLiteral}", "None")
    if "${" in script:
        raise ValueError(f"{checkout / _BUILDER}: the template has a hole that is not known")
    tree = ast.parse(script)
    version = json.loads((checkout / "package.json").read_text(encoding="utf-8"))["version"]
    return version, top_image.fingerprint(tree, top_image.literals(tree))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(json.dumps(dict(digest_of(Path(argument)) for argument in sys.argv[1:]), indent=2))

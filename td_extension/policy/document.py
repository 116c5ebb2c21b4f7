"""A policy from a document: the name of its file says whether it is JSON or YAML."""

from __future__ import annotations

from pathlib import PurePath

from .load import load_json, read_policy
from .model import Loaded
from .problems import PolicyError, Problem
from .reading import Reading
from .wording import quoted


def load_document(text: str, origin: str) -> Loaded:
    """Read a policy from the text of a document.

    Args:
        text: the document.
        origin: the name or path of its file, which ends with ``.json``, ``.yaml`` or ``.yml``.

    Raises:
        PolicyError: with every problem that was found. No other exception, whatever the text.
    """
    suffix = PurePath(origin).suffix.lower()
    if suffix == ".json":
        return load_json(text, origin)
    if suffix in (".yaml", ".yml"):
        return load_yaml(text, origin)
    found = f"the ending {quoted(suffix)}" if suffix else "a name without an ending"
    message = f"{found} does not say what language the policy is in"
    raise PolicyError((Problem(message, "the file's name", "let it end with .json, .yaml or .yml"),))


def load_yaml(text: str, origin: str) -> Loaded:
    """Read a policy from the text of a YAML document: the keys and values of the JSON document, in YAML's spelling.

    Args:
        text: the document; at most 524,288 characters.
        origin: where it came from, for people, e.g. ``policy.yaml``.

    Raises:
        PolicyError: with every problem that was found, also where PyYAML is not installed. No other exception,
            whatever the text.
    """
    try:
        from . import yaml_text  # imports PyYAML, which neither the table nor JSON needs (DESIGN sections 4 and 8)
    except ImportError as error:
        remedy = "install PyYAML in TouchDesigner's Python, or write the policy as JSON or in the table"
        message = f"YAML cannot be read without PyYAML ({error})"
        raise PolicyError((Problem(message, "the document", remedy),)) from None
    reading = Reading(text)
    try:
        document = yaml_text.parse(text)
    except yaml_text.YamlTextError as error:
        reading.error(error.flaw.at, error.flaw.message, error.flaw.remedy)
        raise reading.findings.failure() from None
    for flaw in document.flaws:
        reading.error(flaw.at, flaw.message, flaw.remedy)
    return read_policy(reading, document.root, origin)

"""Drives the real touchdesigner-mcp Node server over stdio, as an MCP client does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


@dataclass(frozen=True)
class Answer:
    """What the agent sees of one tool call."""

    is_error: bool
    text: str
    kinds: tuple[str, ...]


def call_tools(build: Path, port: int, calls: Sequence[tuple[str, dict[str, Any]]], user: str = "") -> list[Answer]:
    """Start the server of a touchdesigner-mcp build against `port`, and make the calls one after the other.

    Args:
        build: a built checkout of touchdesigner-mcp.
        port: where the guarded server listens.
        calls: tool names with their arguments.
        user: ``NAME:SECRET@`` to show a grant, or empty.
    """
    return asyncio.run(_call_tools(build, port, calls, user))


async def _call_tools(build: Path, port: int, calls: Sequence[tuple[str, dict[str, Any]]], user: str) -> list[Answer]:
    server = StdioServerParameters(
        command="node",
        args=[str(build / "dist" / "cli.js"), f"--host=http://{user}127.0.0.1", f"--port={port}"],
        env=dict(os.environ),
    )
    answers = []
    with open(os.devnull, "w", encoding="utf-8") as quiet:
        async with stdio_client(server, errlog=quiet) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            for tool, arguments in calls:
                result = await session.call_tool(tool, arguments)
                texts = [part.text for part in result.content if part.type == "text"]
                kinds = tuple(part.type for part in result.content)
                is_error = getattr(result, "is_error", None) or getattr(result, "isError", None) or False
                answers.append(Answer(bool(is_error), "\n".join(texts), kinds))
    return answers

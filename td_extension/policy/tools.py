"""The tools of touchdesigner-mcp, by their MCP names, and what the worst call of each does."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from types import MappingProxyType

MAX_NAME = 128
TOOL_NAME = re.compile(rf"[A-Za-z0-9_./-]{{1,{MAX_NAME}}}")
"""What a tool of any server may be called in a policy."""


class Risk(enum.Enum):
    """What the worst call of a tool does."""

    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"
    DESTRUCTIVE = "destructive"


TOOLS: Mapping[str, Risk] = MappingProxyType(
    {
        "get_td_info": Risk.READ,
        "get_td_nodes": Risk.READ,
        "get_td_node_parameters": Risk.READ,
        "get_td_node_errors": Risk.READ,
        "get_td_classes": Risk.READ,
        "get_td_class_details": Risk.READ,
        "get_td_module_help": Risk.READ,
        "get_top_image": Risk.READ,
        "describe_td_tools": Risk.READ,
        "create_td_node": Risk.WRITE,
        "update_td_node_parameters": Risk.WRITE,
        "exec_node_method": Risk.EXECUTE,
        "execute_python_script": Risk.EXECUTE,
        "delete_td_node": Risk.DESTRUCTIVE,
    }
)
"""The 14 tools of 8beeeaaat/touchdesigner-mcp (mcp_servers.md section 2.2), with the risk class of each."""

HANDSHAKE_TOOL = "get_td_info"
"""Answered whatever the policy says, for without it the client gives up on every tool (DESIGN section 5)."""

CLIENT_TOOL = "describe_td_tools"
"""Answered by the client itself; it never reaches TouchDesigner (mcp_servers.md section 2.2)."""

PROFILED_TOOLS = ("execute_python_script", "exec_node_method", "update_td_node_parameters", "create_td_node")
"""The tools whose calls are held to a profile: a script by what it does, the others by what they do to their target."""

"""The `policyguard` command: the core without TouchDesigner."""

__version__ = "0.1.0"

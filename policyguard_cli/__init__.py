"""The `policyguard` command: the guard without TouchDesigner."""

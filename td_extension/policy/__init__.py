"""The policy: one model, several spellings of it (JSON document, Table DAT), and the decision about a tool."""

"""The dialects: one module for each protocol that a guarded server speaks. Message to ToolCall, Refusal to reply."""

"""Policies as text: from the model back to each of its spellings."""

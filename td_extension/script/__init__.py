"""What a script may do: the capability catalog, the judgement of a script's tree, and its execution."""

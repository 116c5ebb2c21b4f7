"""Why a policy decides a call as it does, and the smallest change of either that would turn the decision."""

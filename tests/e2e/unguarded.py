"""The same project and the same server, with PolicyGuard not installed: what guarded runs are compared with."""

from __future__ import annotations

from typing import Any

from policyguard_cli import project
from policyguard_cli.main import run

_build = project.build


class _NotInstalled:
    """The component, but for the one step that would put it in front of the server."""

    def __init__(self, guard: Any) -> None:
        self._guard = guard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._guard, name)

    def Install(self) -> list[str]:
        return []


def _build_unguarded(root: Any, **options: Any) -> tuple[Any, Any]:
    server, guard = _build(root, **options)
    return server, _NotInstalled(guard)


if __name__ == "__main__":
    project.build = _build_unguarded
    run()

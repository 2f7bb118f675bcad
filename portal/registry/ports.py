"""What the base registry tells later rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portal.ports import Registry

# called with the numbers of the corporations that changed
corporations_changed: Registry[Callable[[Iterable[str]], None]] = Registry(
    "listener for changes in the registry"
)

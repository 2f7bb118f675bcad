"""A module of the house that is loaded by the first who uses it.

For what imports a library that weighs seconds at the start of every process. Written as

    if TYPE_CHECKING:
        from reports.statistics.releasing import building
    else:
        building = Late("reports.statistics.releasing.building")

so that types, the rules of imports and the version of the statistics see an import like any other.
"""

from importlib import import_module


class Late:
    """Stands for the module of this dotted name, and loads it when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(import_module(self._name), attribute)

"""What the import commands share: a file that is not there, or not fit, ends with a sentence."""

from collections.abc import Callable
from typing import TypeVar

from django.core.management.base import CommandError

from portal.registry.corporations import Report, write_faults
from reports.statistics.imports.cells import Unfit

T = TypeVar("T")


def taken(run: Callable[[], T]) -> T:
    """The result of an import. Raises CommandError for a file that cannot be read."""
    try:
        return run()
    except (OSError, Unfit) as error:
        raise CommandError(f"The file cannot be taken in: {error}") from error


def said(report: Report) -> str:
    return write_faults(report)

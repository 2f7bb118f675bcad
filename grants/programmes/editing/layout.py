"""Where each value of a programme is edited: pages of groups of fields and of rows, by their path in the file."""

from collections.abc import Iterator

from grants.programmes.editing import pages_of_calls, pages_of_decisions
from grants.programmes.editing.shapes import Field, Lines, Page

PAGES: tuple[Page, ...] = pages_of_calls.PAGES + pages_of_decisions.PAGES
# edited elsewhere: the words of papers, on the page of each paper
ELSEWHERE = ("texts",)

PAGE = {page.key: page for page in PAGES}
ROWS = {rows.path: (page, rows) for page in PAGES for rows in page.rows}


def fields_of(page: Page) -> tuple[Field | Lines, ...]:
    """The fields that stand on the page itself."""
    return tuple(field for group in page.groups for field in group.fields)


def paths() -> Iterator[str]:
    """Every value that has a place, rows and lines as the file nests them."""
    for page in PAGES:
        for field in fields_of(page):
            yield from _paths(field, "")
        for rows in page.rows:
            for field in rows.fields:
                yield from _paths(field, f"{rows.path}.")


def _paths(field: Field | Lines, head: str) -> Iterator[str]:
    parts = field.parts if isinstance(field, Lines) else (Field("", ""),)
    for part in parts:
        yield f"{head}{field.path}.{part.path}".rstrip(".")


def page_of(path: tuple[str | int, ...]) -> Page | None:
    """On which page a value is edited, by the longest beginning of its path that stands there."""
    names = [str(step) for step in path if isinstance(step, str)]
    for n in range(len(names), 0, -1):
        head = ".".join(names[:n])
        for page in PAGES:
            known = [field.path for field in fields_of(page)] + [rows.path for rows in page.rows]
            if any(one == head or one.startswith(f"{head}.") for one in known):
                return page
    return None

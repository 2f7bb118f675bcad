"""The notices of a case, as papers, for its ZIP."""

from typing import Any

from reports.papers.notice import draw


def files(case: Any, _user: Any) -> list[tuple[str, bytes]]:
    return [(f"notices/{notice.pk}_{notice.title}.pdf", draw(notice)) for notice in case.notices.select_related("case")]

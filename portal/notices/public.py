"""What anyone learns who types the code of a paper: enough to hold beside the paper in their hand, and
nothing to somebody who has the code alone. No name, no address, no file and no fingerprint is told:
a copy under the disclosure ordinance withholds them.
"""

import re

from portal.notices.models import Notice
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality

HIDDEN = "＊＊＊"
# 株式会社, 一般社団法人 …: the kind of a firm tells of nobody
_FORM = re.compile(r"[一-鿿]{0,6}?(?:会社|法人)\s*")
SUM = "金　"  # how a letter begins a sum


def masked(name: str) -> str:
    """The kind of the firm and the first sign of its name."""
    form = found.group() if (found := _FORM.match(name)) else ""
    return f"{form}{name[len(form) : len(form) + 1]}{HIDDEN}"


def addressee(notice: Notice) -> str:
    return masked(notice.facts["to"][0])


def issuer(notice: Notice) -> str:
    """Whose paper it is: the municipalities that sign it; the first papers there were are all Sapporo's."""
    codes = notice.facts.get("issuers") or [SAPPORO]
    names = dict(Municipality.objects.filter(pk__in=codes).values_list("pk", "name"))
    return "・".join(names[code] for code in codes)


def sums(notice: Notice) -> list[tuple[str, str]]:
    """(label, sum) of what the letter is about."""
    return [(label, text) for label, text in notice.lines if text.startswith(SUM)]

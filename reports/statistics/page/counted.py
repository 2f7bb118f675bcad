"""What the sum that was awarded holds, what it leaves out, and how far it is from the book.

The definition has its home in `grants/awards/decided.py`; here stands what a release may say of it.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.awards.decided import Decided, asked
from grants.programmes.models import Call
from portal.together import together
from reports.statistics.models import Release
from reports.statistics.page.choice import Choice
from reports.statistics.pipeline.names import ALL
from reports.statistics.releasing.figures import Figures


def counting(figures: Figures, choice: Choice) -> list[str]:
    """Sentences for a choice; the book is told of all areas together alone."""
    said = [
        _(
            "法人への交付決定を、公募の年度で数えています。額は決定したときのもので、あとの減額や取消しを引いていません。取り下げられた交付決定は数えません。"
        ),
        _people(figures, choice),
    ]
    return [*said, *_book(figures, choice)]


def _people(figures: Figures, choice: Choice) -> str:
    """What of sole proprietors is left out: told of a whole year alone, and not where it is hidden."""
    if (choice.programme, choice.area) != (ALL, ALL):
        return _("個人事業主への交付は含みません。その額は、年度の全体でだけ公表しています。")
    row = figures.people(choice.year)
    if row is None:
        return _("この年度に、個人事業主への交付はありません。")
    if row["suppressed"]:
        return _(
            "個人事業主への交付は含みません。その額は、だれのことか分かるおそれがあるため秘匿しています。"
        )
    return _("個人事業主への交付%(n)s件、%(yen)s円は含みません。") % {
        "n": f"{row['awards']:,}",
        "yen": f"{row['awarded_yen']:,}",
    }


def _book(figures: Figures, choice: Choice) -> list[str]:
    """How far the book's commitments are from the sum, where both may be read."""
    row = figures.ledger(choice.year, choice.programme) if choice.area == ALL else None
    if row is None or row["suppressed"]:
        return []
    apart = row["committed"] - figures.awards(choice.year, choice.programme)["awarded_yen"]
    if not apart:
        return [_("予算の台帳の支出負担行為と、同じ額です。")]
    sentence = (
        _(
            "予算の台帳の支出負担行為は%(book)s円で、これより%(yen)s円多い額です。台帳は、個人事業主への交付を含み、件数で管理する制度と、減額や取消しで予算に戻した額を含みません。"
        )
        if apart > 0
        else _(
            "予算の台帳の支出負担行為は%(book)s円で、これより%(yen)s円少ない額です。台帳は、個人事業主への交付を含み、件数で管理する制度と、減額や取消しで予算に戻した額を含みません。"
        )
    )
    return [sentence % {"book": f"{row['committed']:,}", "yen": f"{abs(apart):,}"}]


@dataclass(frozen=True)
class Bridge:
    """From what the public reads to what the book holds, in some calls of one year, in yen.

    `release`: the one that stands, where it tells of the year; `published`: what it says.
    """

    decided: Decided
    release: Release | None
    published: int

    @property
    def since(self) -> int:
        """What was decided, or withdrawn, after the release was made."""
        return self.decided.corporations - self.published


def bridge(year: int, calls: QuerySet[Call]) -> Bridge:
    of_year = calls.filter(fiscal_year=year)
    with together() as ask:
        releases = ask(Release.objects.current()[:1])
        codes = ask(of_year.values_list("code", flat=True))
        found = asked(ask, of_year)
    if not releases or releases[0].fiscal_year < year:
        return Bridge(found(), None, 0)
    return Bridge(found(), releases[0], Figures(releases[0]).awarded_in(year, codes))

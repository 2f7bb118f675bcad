"""What goes out when something happens: the paper, and the mail to each side that hears of it.

Each room's table stands in its `outgoing.py`: a life cycle's `OUTGOING`, by the name of the
transition, and what happens beside one. All tables are drawn in docs/life_cycles.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.types import Text


@dataclass(frozen=True)
class Wording:
    """What a mail says: its subject, in sentences what happened and what the reader does next, and what
    `follows`.

    Each may name values as %(name)s; none names a person or a firm. `kind`: of a mail that the
    applicant's side may have gathered or go without (`portal/correspondence/kinds.py`); empty where it
    always comes at once, as whatever the law asks to be told and whatever asks something of its reader.
    """

    subject: Text
    says: Text
    follows: Text = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What one event sends out: `paper`, the kind of the notice that is issued, and what each side
    hears.

    `counter`: what goes out beside it where the office does it for an applicant on paper
    (`portal/workflow/counter.py`).
    """

    paper: str = ""
    applicant: Wording | None = None
    office: Wording | None = None
    counter: Outgoing | None = None

    @property
    def mails(self) -> list[tuple[str, Wording]]:
        """(side, words) of each side that hears of it."""
        sides = (("applicant", self.applicant), ("office", self.office))
        return [(side, words) for side, words in sides if words is not None]

    @property
    def hearers(self) -> str:
        """Whom its mails go to, as a sentence; "" where there are none."""
        said = {
            (True, False): _("行うと、事業者にお知らせのメールが届きます。"),
            (False, True): _("行うと、担当の職員にお知らせのメールが届きます。"),
            (True, True): _("行うと、事業者と担当の職員にお知らせのメールが届きます。"),
        }
        return said.get((self.applicant is not None, self.office is not None), "")


NOTHING = Outgoing()

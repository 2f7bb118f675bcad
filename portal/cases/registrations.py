"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.cases import interests, retention, turns
from portal.workflow.ports import KnownInterests, known_interests, rewrite_turns


def register() -> None:
    rewrite_turns.fill(turns.rewrite)
    known_interests.fill(
        KnownInterests(
            of_case=interests.known,
            fill=interests.fill,
            in_firm=interests.in_firm,
            among=interests.among,
        )
    )
    ports.duty_subjects.add("case", lambda case: [(_lazy("この案件"), f"case:{case.pk}")])
    ports.keep_until.add("ended", retention.of_ended)
    ports.erasures.add("portal_cases.Interest", ("case", {"detail": ""}))
    ports.open_cases.add("cases", turns.open_cases)

"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.cases import interests, retention, turns


def register() -> None:
    ports.rewrite_turns.add("turns", turns.rewrite)
    ports.known_interests.add("declared", interests.known)
    ports.fill_interests.add("declared", interests.fill)
    ports.firm_interests.add("declared", interests.in_firm)
    ports.interests_among.add("declared", interests.among)
    ports.duty_subjects.add("case", lambda case: [(_lazy("この案件"), f"case:{case.pk}")])
    ports.keep_until.add("ended", retention.of_ended)
    ports.erasures.add("portal_cases.Interest", ("case", {"detail": ""}))
    ports.open_cases.add("cases", turns.open_cases)

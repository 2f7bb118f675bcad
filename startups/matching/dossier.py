"""What is bound into the whole of a proposal's case of each municipality's decision."""

from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from startups.matching.access import reads_record
from startups.matching.models import Match


def matched(case: Case, user: User) -> list[Section]:
    rows = Match.objects.filter(case=case).select_related("case", "challenge", "municipality")
    return [_match(row, is_inside=reads_record(user, row)) for row in rows]


def _match(row: Match, *, is_inside: bool) -> Section:
    """A match as its page shows it: `is_inside` with what its own municipality wrote down."""
    return facts(
        f"マッチング　{row.municipality}",
        ("課題", row.challenge.title),
        ("状態", row.info.label),
        ("面談", row.slot),
        ("場所", row.place),
        ("面談の記録", row.minutes if is_inside else ""),
        ("担当課の意見", row.get_opinion_display() if is_inside else ""),
        ("理由", row.reason),
        ("決定した日", row.decided_on),
    )

"""What is bound into the whole of a case of its award, and of what was changed in it."""

from grants.awards.assessing import assessment_of
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def awarded(case: Case, _user: User) -> list[Section]:
    awards = Award.objects.filter(case=case).order_by("pk")
    changes = ChangeRequest.objects.filter(case=case).order_by("pk")
    return [*map(_award, awards), *map(_change, changes)]


def _award(award: Award) -> Section:
    assessment = assessment_of(award.application)
    return facts(
        "交付決定",
        ("状態", award.info.label),
        ("決定した日", award.awarded_on),
        ("補助対象経費", ui.in_yen(award.eligible_amount)),
        ("経費の査定", assessment.lines if assessment is not None else ""),
        ("申請額", ui.in_yen(award.requested_amount)),
        ("交付決定額", ui.in_yen(award.awarded_amount)),
        ("減額の理由", award.cut_reason),
        ("事業の終わる日", award.project_ends_on),
        ("加えた条件", award.conditions),
        ("確定額", ui.in_yen(award.fixed_amount) if award.fixed_amount is not None else None),
        ("確定した日", award.fixed_on),
        ("終了の理由", award.ended_reason),
    )


def _change(change: ChangeRequest) -> Section:
    rows = [
        (f"経費　{what}", f"{ui.in_yen(before or 0)} → {ui.in_yen(after or 0)}")
        for what, before, after in change.rows
    ]
    return facts(
        f"変更等の申請　{change.get_kind_display()}",
        ("状態", change.info.label),
        ("届いた日時", change.filed_at),
        ("理由", change.reason),
        ("延長後の終わる日", change.ends_on),
        *rows,
        ("市の回答", change.answer),
    )

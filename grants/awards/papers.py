"""What the papers of a running award say, and what every paper after the award names of it."""

from grants.applications.papers import frame, yen
from grants.awards.models import Award
from portal import fiscal
from portal.notices.models import Notice


def decided(award: Award) -> list[list[str]]:
    """The decision that a later paper rests on: project, day and number of the award, its sum.

    An award that was taken over from paper files has no number here.
    """
    notice = Notice.objects.filter(case=award.case, kind="award").order_by("pk").last()
    number = f"　{notice.number}" if notice is not None else ""
    return [
        ["補助事業の名称", award.application.title],
        ["交付決定の日と番号", f"{fiscal.era(award.awarded_on)}{number}"],
        ["交付決定額", yen(award.awarded_amount)],
    ]


def under(award: Award) -> str:
    """The guideline under which the office acts on an award."""
    return f"{award.stated.guideline}の規定により"


def suspension_facts(award: Award, *, reason: str = "", **_given: object) -> dict[str, object]:
    return frame(
        award.application,
        title="補助事業一時停止命令書",
        body=f"{under(award)}、次のとおり補助事業の一時停止を命じます。再開を認める通知があるまで、事業を止めてください。",
        body_en="We order that the project is paused until we allow it to go on.",
        items=[*decided(award), ["一時停止の理由", reason]],
        small=award.stated.appeal_text,
    )


def resumption_facts(award: Award, **_given: object) -> dict[str, object]:
    return frame(
        award.application,
        title="補助事業再開承認通知書",
        body=f"{under(award)}、一時停止を命じた補助事業の再開を認めましたので、通知します。",
        body_en="We allow that the project goes on.",
        items=[*decided(award), ["事業の終わりの日", fiscal.era(award.project_ends_on)]],
        small=award.stated.appeal_text,
    )

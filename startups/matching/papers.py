"""The notices of a match."""

from grants.applications.papers import frame, signed_by
from portal.types import Context
from startups.matching.models import Match


def _letter(match: Match, about: str, title: str, body: str, body_en: str, small: str) -> Context:
    items = [
        ["受付番号", match.case.receipt_number],
        ["課題", f"{match.challenge.number}　{match.challenge.title}"],
        ["理由", match.reason],
    ]
    stated = match.application.stated
    letter = frame(
        match.application,
        about=about,
        decides=True,
        title=title,
        body=f"{stated.guideline}{stated.award_article}の規定により、{body}",
        body_en=body_en,
        items=items,
        small=small,
    )
    return letter | signed_by(stated, match.municipality_id)


def agreed_facts(match: Match, **_given: object) -> Context:
    return _letter(
        match,
        "の提案の実証の決定",
        "実証決定通知書",
        f"提案について、{match.municipality.name}で実証を行うことに決定しましたので、通知します。",
        "We have decided to run a pilot of your proposal.",
        "実証の条件は、協定で定めます。この通知は、本格導入の契約を約束するものではありません。",
    )


def declined_facts(match: Match, **_given: object) -> Context:
    return _letter(
        match,
        "の提案の見送り",
        "提案見送り通知書",
        f"提案について、{match.municipality.name}では、次の理由により今回は見送ることにしましたので、通知します。",
        "We have decided not to go on with your proposal this time, for the reason below.",
        "ほかの市町村での検討が続いているときは、その結果を別にお知らせします。",
    )

"""The frozen facts of this room's notices: what each paper says, in Japanese and English."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from grants.applications import instead
from grants.applications.content import Content
from grants.applications.models import Application
from grants.programmes import remedies
from grants.programmes.parameters import Programme
from grants.programmes.selecting import is_scored
from grants.programmes.values import planned
from portal import clock, fiscal
from portal.registry.codes import SAPPORO
from portal.types import Row


def issuer(codes: list[str]) -> str:
    """Whose mayor signs a paper: of one municipality's own its own, of shared ones Sapporo's."""
    return SAPPORO if SAPPORO in codes or len(codes) != 1 else codes[0]


def signed_by(stated: Programme, *codes: str) -> dict[str, object]:
    """The municipalities that sign a paper. Whom to ask is said by Sapporo's programmes for Sapporo's
    papers alone: another municipality's are its own.
    """
    own = SAPPORO in codes
    return {
        "issuers": list(codes),
        # where DEMO is off, no call with such values is announced
        "planned": settings.DEMO and bool(planned(stated)),
        "office": stated.office.ja if own else "",
        "phone": stated.phone if own else "",
    }


def addressee(application: Application) -> list[str]:
    """Name, and title with name of the representative: of a proved firm as its record has them, and
    what no record has as the version froze it.
    """
    firm, version = application.case.organisation, application.last_version
    said = version.content["organisation"] if version else {}
    name, title, person = firm.name, firm.representative_title, firm.representative_name
    if not firm.is_proved:
        name = said.get("name") or name
    if not firm.is_proved or not person:
        title, person = said.get("representative_title", ""), said.get("representative_name", "")
    person = " ".join(filter(None, [title, person]))
    return [name, f"{person}　様"] if person else [f"{name}　御中"]


def frame(
    application: Application,
    *,
    about: str = "",
    does: str = "通知",
    decides: bool = False,
    **facts: object,
) -> dict[str, object]:
    """What every notice about an application carries.

    `about` what of the programme it is, and what it `does`, make its subject; one that `decides` says
    whether one may appeal.
    """
    stated: Programme = application.stated
    year = fiscal.era_fiscal_year(application.call.fiscal_year)
    return {
        "to": addressee(application),
        **signed_by(stated, issuer(application.call.municipality_codes)),
        "subject": f"{year}{stated.name.ja}{about}について（{does}）" if about else "",
        "remedy": remedies.told(stated.remedy) if decides else [],
        "programme": stated.name.ja,
        "programme_en": stated.name.en,
        "receipt": application.case.receipt_number,
        "wordings": {row.paper: row.words for row in stated.texts},
        "slots": _slots(application, year) if stated.texts else {},
        "small": "",
        "annex": [],
        **facts,
    }


def _slots(application: Application, year: str) -> dict[str, str]:
    """What a programme's own words may name (`wordings.FIELDS`)."""
    stated: Programme = application.stated
    award = getattr(application, "award_row", None)
    is_yen = stated.unit == "yen"
    return {
        "firm": addressee(application)[0],
        "programme": stated.name.ja,
        "year": year,
        "title": application.title,
        "receipt": application.case.receipt_number,
        "requested": f"{application.requested_amount or 0:,}{'円' if is_yen else '席'}",
        "amount": f"{award.awarded_amount:,}円" if award is not None else "―",
        "office": stated.office.ja,
        "phone": stated.phone,
    }


def applied(application: Application) -> str:
    """「令和8年12月2日付けで申請のあった令和8年度…については」."""
    arrived = application.arrived_at
    day = fiscal.era(clock.day_of(arrived)) if arrived else ""
    year = fiscal.era_fiscal_year(application.call.fiscal_year)
    return f"{day}付けで申請のあった{year}{application.stated.name.ja}については、"


def yen(amount: int | None) -> str:
    return f"金　{amount or 0:,}円"


def asked(application: Application) -> list[str]:
    """What was asked for, in yen or seats, as a line of a paper."""
    amount = application.requested_amount
    return [
        str(application.words.asked),
        yen(amount) if application.stated.unit == "yen" else f"{amount or 0}席",
    ]


RECEIVED = {
    "title": "受付票",
    "body": "次のとおり申請を受け付けました。この受付票は、届いた書類の一覧を兼ねています。",
    "body_en": "We have received your application as follows. This receipt lists every file that arrived.",
}
CORRECTED = {
    "title": "受付票（補正）",
    "body": "次のとおり補正を受け付けました。申請の受付日時は、はじめに提出された日時のままです。この受付票は、届いた書類の一覧を兼ねています。",
    "body_en": (
        "We have received your correction as follows. Your application keeps the time at which it"
        " first arrived. This receipt lists every file that arrived."
    ),
}


AMENDED = {
    "title": "受付票（出し直し）",
    "body": "次のとおり、直した内容を受け付けました。申請の受付日時は、はじめに提出された日時のままです。この受付票は、届いた書類の一覧を兼ねています。",
    "body_en": (
        "We have received your amended application as follows. Your application keeps the time at"
        " which it first arrived. This receipt lists every file that arrived."
    ),
}
LAST_IN_ORDER = {
    **AMENDED,
    "body": "次のとおり、直した内容を受け付けました。この公募は先着順で、順番は出し直しの受付日時によります。この受付票は、届いた書類の一覧を兼ねています。",
    "body_en": (
        "We have received your amended application as follows. This call goes by order of arrival,"
        " and your place is that of the time at which the amended version arrived. This receipt"
        " lists every file that arrived."
    ),
}


def to_the_second(moment: datetime) -> str:
    local = moment.astimezone(clock.JST)
    return f"{fiscal.era(clock.day_of(local))} {local:%H:%M:%S}"


def for_what(application: Application, key: str) -> str:
    """What a file was sent for: several from one phone have one name."""
    names = {document.key: document.name.ja for document in application.stated.documents}
    return names.get(key) or ("紙の申請書の写し" if key == "paper_scan" else "そのほかの書類")


def receipt(application: Application, **_given: object) -> dict[str, object]:
    version = application.last_version
    arrived = application.arrived_at
    if version is None or arrived is None:
        raise ValueError("a receipt needs a submission")
    corrected, amended = application.corrected_at, application.amended_at
    anew = LAST_IN_ORDER if application.queued_at else AMENDED
    said = CORRECTED if corrected else anew if amended else RECEIVED
    moments = [["受付日時", to_the_second(arrived)]]
    if amended:
        moments.append(["出し直しの受付日時", to_the_second(amended)])
    if corrected:
        moments.append(["補正の受付日時", to_the_second(corrected)])
    facts = frame(
        application,
        about="の申請の受付",
        items=[
            ["受付番号", application.case.receipt_number],
            ["制度", f"{application.stated.name.ja}（{application.call.label}）"],
            ["事業の名称", version.content["plan"]["title"]],
            *moments,
            asked(application),
            ["申請の版", f"第{version.n}版　SHA-256 {version.sha256}"],
            *_to_follow(application, version.content),
        ],
        files=[
            [f"{for_what(application, d['key'])}：{d['name']}", d["size"], d["sha256"]]
            for d in version.content["documents"]
        ],
        small="交付決定より前に注文・支払いをした費用は、補助の対象になりません。"
        if application.stated.pays
        else "",
        small_en="Costs ordered or paid before the award decision do not count."
        if application.stated.pays
        else "",
    )
    return facts | said


def _to_follow(application: Application, content: Content) -> list[list[str]]:
    with override("ja"):
        return [
            [for_what(application, row["key"]), instead.in_words(row)]
            for row in instead.of_content(content)
        ]


def correction(application: Application, **_given: object) -> dict[str, object]:
    defects = application.defects.filter(resolved_at=None)
    return frame(
        application,
        about="の申請の補正",
        does="依頼",
        title="補正依頼書",
        body=f"{applied(application)}次のとおり不備がありますので、{application.stated.under('correction')}、期限までに補正してください。",
        body_en="Please correct the points below by the date given.",
        items=[
            ["受付番号", application.case.receipt_number],
            ["補正の期限", fiscal.era(application.correct_by) if application.correct_by else ""],
            *[[f"不備{d.n}", f"{d.part_label}（{d.cite}）\n{d.text}"] for d in defects],
        ],
    )


def waitlist(application: Application, *, rank: int = 0, **_given: object) -> dict[str, object]:
    limit = "予算" if application.stated.unit == "yen" else "定員"
    return frame(
        application,
        about="の補欠の決定",
        decides=True,
        title="補欠決定通知書",
        body=f"{applied(application)}{limit}の範囲を超えたため、{application.stated.under('rejection')}、"
        "次の順位の補欠とします。辞退などにより空きが出たときは、順位に従って決定します。",
        body_en="The limit is reached; you are on the waiting list at the rank below and will be promoted in order.",
        items=[
            ["受付番号", application.case.receipt_number],
            ["補欠の順位", f"第{rank}位"],
            asked(application),
        ],
    )


def rejection(
    application: Application,
    *,
    reason: str = "",
    scores: list[tuple[str, str]] | None = None,
    **_given: object,
) -> dict[str, object]:
    scored = is_scored(application.stated.selection)
    title = "不採択通知書" if scored else "補助金不交付決定通知書"
    about = "の審査の結果" if scored else "の不交付の決定"
    verb = "採択しない" if scored else "交付しない"
    items = [["受付番号", application.case.receipt_number], asked(application), ["理由", reason]]
    items += [[name, f"{points}点"] for name, points in (scores or [])]
    if scores and application.stated.pass_mark is not None:
        items.append(["採択に要る点", f"100点のうち{application.stated.pass_mark}点以上"])
    return frame(
        application,
        about=about,
        decides=True,
        title=title,
        body=f"{applied(application)}次の理由により{verb}ことに決定しましたので、{application.stated.under('rejection')}通知します。",
        body_en="We regret to inform you that the application was not selected, for the reasons below.",
        items=items,
    )


def inadmissible(
    application: Application, *, reason: str = "", **_given: object
) -> dict[str, object]:
    return frame(
        application,
        about="の申請の却下",
        decides=True,
        title="申請却下通知書",
        body=f"{applied(application)}次の理由により却下しますので、{application.stated.under('rejection')}通知します。",
        body_en="The application is inadmissible for the reasons below.",
        items=[
            ["受付番号", application.case.receipt_number],
            asked(application),
            ["却下の理由", reason],
        ],
    )


def lapse(application: Application, *, reason: str = "", **_given: object) -> dict[str, object]:
    return frame(
        application,
        about="の申請の手続の終了",
        decides=True,
        title="手続終了通知書",
        body=f"{applied(application)}期限までに補正がなかったため、{application.stated.under('correction')}手続きを終了しましたので、通知します。",
        body_en="The procedure has ended because no correction arrived by the date given.",
        items=[
            ["受付番号", application.case.receipt_number],
            ["理由", reason or "補正の期限の経過"],
        ],
    )


def withdrawal(
    row: Row, *, what: str = "", paper: str = "", reason: str = "", **_given: object
) -> dict[str, object]:
    """取下げ受付通知書, of whatever the office took in for an applicant on paper."""
    application: Application = row.case.application
    about = (
        [[str(label), str(value)] for label, value in row.act_facts] if row != application else []
    )
    return frame(
        application,
        about="の取下げの受付",
        title="取下げ受付通知書",
        body="窓口に届いた書面により、次のとおり取下げ（辞退）を受け付けましたので、お知らせします。心当たりがないときは、すぐに担当へご連絡ください。",
        body_en="We have taken in your withdrawal from the paper below. Please tell us at once if you did not send it.",
        items=[
            ["受付番号", application.case.receipt_number],
            ["受け付けたこと", what],
            *about,
            ["届いた書面", paper],
            ["理由", reason],
        ],
    )

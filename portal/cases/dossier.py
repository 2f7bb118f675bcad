"""What the case itself has to say in the whole of it (一件書類), and how facts are written there."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.cases.timeline import heard, newest_first, said_by
from portal.cases.told_readings import told
from portal.types import Text
from portal.ui.templatetags import ui
from portal.workflow.graph import life_cycles


def said(value: object) -> str:
    """A fact as text; "" for what is not there."""
    match value:
        case None:
            return ""
        case datetime():
            return str(ui.short_moment(value))
        case date():
            return str(ui.full_day(value))
    return str(value)


def facts(heading: str, *rows: tuple[Text, object]) -> Section:
    """A section of facts, without those that are not there."""
    written = [(str(label), text) for label, value in rows if (text := said(value))]
    return Section(heading=heading, rows=written)


def listed(heading: str, rows: Iterable[tuple[Text, object]]) -> list[Section]:
    """The section, or nothing where it would be empty."""
    found = facts(heading, *rows)
    return [found] if found["rows"] else []


def overview(case: Case, _user: User) -> list[Section]:
    firm = case.organisation
    return [
        facts(
            "案件",
            ("受付番号", case.receipt_number),
            ("案件番号", None if case.receipt_number else case.number),
            ("制度", f"{case.programme_name}　{case.call_label}"),
            ("事業の名称", case.title),
            ("申請者", firm.name),
            ("法人番号", firm.corporate_number),
            ("所在地", firm.seat.whole(firm.address)),
            ("代表者", f"{firm.representative_title}　{firm.representative_name}".strip()),
            ("金額", ui.in_yen(case.amount) if case.amount else None),
            ("状態", case.state_label),
            ("提出", case.submitted_at),
            ("終了", case.closed_at),
            ("担当", case.assigned_to.name if case.assigned_to else None),
        )
    ]


def log(case: Case, user: User) -> list[Section]:
    """Every event of the case that is not closed to the reader, the oldest first, with its number in
    the chain and the first letters of its hash.
    """
    closed = visibility.closed_to(user, case)
    states = {str(model._meta.model_name): dict(model.STATES.choices) for model in life_cycles()}
    rows = [
        (
            f"{event.seq}　{ui.short_moment(event.at)}\n{said_by(event)}",
            _told(event, states.get(event.action.partition(".")[0], {})),
        )
        for event in newest_first(case).reverse()
        if heard(event, closed)
    ]
    return listed("記録（古い順）", rows)


def readings(case: Case, _user: User) -> list[Section]:
    """Who of the office opened the case and its files, the oldest first."""
    rows = case.readings.select_related("person").reverse()
    return listed(
        "閲覧の記録（古い順）",
        [
            (
                f"{ui.short_moment(row.at)}\n{row.person.name}",
                "　".join(filter(None, (str(row.words), row.named))),
            )
            for row in told(rows)
        ],
    )


def _told(event: Event, names: Mapping[str, Text]) -> str:
    data = event.payload.data()
    moved = " → ".join(str(names[word]) for word in (event.before, event.after) if word in names)
    parts = [
        ui.tr(data.get("label", event.action)),
        moved,
        data.get("reason"),
        data.get("text"),
        data.get("name"),
        f"照合 {event.fingerprint}",
    ]
    return "　".join(str(part) for part in parts if part)

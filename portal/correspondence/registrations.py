"""What this room fills in elsewhere."""

from django.core.checks import Tags
from django.core.checks import register as register_check
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts import duty_exceptions
from portal.accounts.ports import OwnTable, own_tables, send_mail, sessions_ended
from portal.cases import search, visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    Panel,
    beside_inbox,
    beside_own,
    bulk_acts,
    case_panels,
    dossier_parts,
    erasures,
    said_last,
    searched,
    turn_sources,
)
from portal.closures import entering, outgoing
from portal.correspondence import (
    checks_at_start,
    dossier,
    foreseen,
    mails,
    many,
    own_calendar,
    own_data,
    panels,
    post,
    turns,
    unreached,
    watched,
)
from portal.correspondence import outgoing as of_cases
from portal.correspondence.models import Message
from portal.correspondence.ports import Waiting, second_people
from portal.firms import outgoing as of_firms
from portal.firms import passing
from portal.health.ports import probes
from portal.workflow.ports import (
    Sealed,
    draft_letters,
    draft_mails,
    sealed_columns,
    write_letters,
    write_mails,
)


def register() -> None:
    register_check(checks_at_start.mail_goes_out, Tags.security, deploy=True)
    probes.add_all(watched.PROBES)
    own_tables.add(
        "messages",
        OwnTable(
            label=_lazy("書いたメッセージ"),
            head=(_lazy("案件"), _lazy("日時"), _lazy("内容")),
            rows=own_data.messages,
        ),
    )
    own_tables.add(
        "mails",
        OwnTable(
            label=_lazy("送ったお知らせのメール"),
            head=(_lazy("日時"), _lazy("宛先"), _lazy("件名")),
            rows=own_data.mails,
        ),
    )
    own_tables.add(
        "mail_choices",
        OwnTable(
            label=_lazy("お知らせの受け取り方"),
            head=(_lazy("お知らせ"), _lazy("受け取り方")),
            rows=own_data.choices,
        ),
    )
    sessions_ended.add("calendar", own_calendar.stop)
    searched.add("messages", search.columns(Message, "body", internal=False))
    turn_sources.add("correspondence", turns.SOURCE)

    bulk_acts.add("message", many.MESSAGE)
    case_panels.add(
        "talk",
        Panel(
            template="portal/correspondence/panel.html",
            context=panels.of_case,
            kinds=(),
            readers=visibility.WORKERS,
            reads=panels.READS,
        ),
    )

    case_panels.add(
        "mails",
        Panel(
            template="portal/correspondence/mails_panel.html",
            context=panels.of_mails,
            anchor="mails",
            label=_lazy("送ったメール"),
            kinds=(),
            readers=visibility.WORKERS,
            reads=(panels.mails_of,),
        ),
    )
    beside_inbox.add("mails", unreached.beside)
    beside_own.add("mails", panels.beside_own)
    said_last.fill(panels.said_last)

    second_people.add(
        "closures",
        Waiting(words=outgoing.PROPOSED, page="closure_list", counts=entering.waiting),
    )
    second_people.add(
        "duty_exceptions",
        Waiting(
            words=of_cases.DUTY_EXCEPTIONS, page="duty_exceptions", counts=duty_exceptions.waiting
        ),
    )
    second_people.add(
        "passings",
        Waiting(words=of_firms.PASSINGS_WAITED, page="firm_desk", counts=passing.waiting),
    )

    sealed_columns.add("portal_correspondence.CalendarKey", Sealed(column="secret_sealed"))
    write_mails.fill(mails.mails)
    draft_mails.fill(foreseen.drafts)
    draft_letters.fill(foreseen.letter_drafts)
    write_letters.fill(mails.letters)
    send_mail.fill(post.send)

    erasures.add("portal_correspondence.Message", Erasure(blank={"body": ""}))
    erasures.add(
        "portal_correspondence.Mail", Erasure(blank={"subject": "", "body": "", "address": ""})
    )
    dossier_parts.add(
        "messages", DossierPart(label="連絡", readers=visibility.WORKERS, sections=dossier.messages)
    )

"""What the formal check does with many applications at once: note checks, accept, return with one
remark. Each is asked as if it were alone.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeAlias

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import formal, inquiring, known, obstacles
from grants.applications.answers import parts, texts_by_part
from grants.applications.correct_forms import CorrectionForm
from grants.applications.models import OFFICER, Application, Check
from grants.programmes.models import said
from portal.accounts.models import User
from portal.cases import interests
from portal.cases.models import Case
from portal.cases.ports import BulkAct, Look
from portal.types import Given, Sent, Text
from portal.ui.forms import Day, LongText, offer_choices
from portal.ui.forms import Text as TextField
from portal.workflow import duties
from portal.workflow.door import perform
from portal.workflow.requirements import unmet

# by, the application, what was typed (None: nothing yet) → why it cannot be done on it
Asks: TypeAlias = Callable[[User, Application, Given | None], list[str]]
# the application → what would stop it for some of what may be typed
Hints: TypeAlias = Callable[[Application], list[str]]


def _applications(by: User, cases: Sequence[Case]) -> dict[int, Application]:
    """The application of each case that has one, with all that is asked of it."""
    interests.fill(by, list(cases))
    by_pk = {case.pk: case for case in cases}
    rows = Application.objects.filter(case__in=cases).select_related("call__programme")
    rows = rows.select_related("officer_list").prefetch_related(
        "checks", "defects", "versions", "inquiries", "late_papers"
    )
    found = {}
    for row in rows:
        row.case = by_pk[row.case_id]
        found[row.case_id] = row
    did = duties.done(by, [subject for row in found.values() for subject in row.duty_subjects()])
    for row in found.values():
        row.kept_apart = duties.conflicts(by, row.duty_subjects(), formal.ACCEPTING, did)
    return found


def _looks(
    ask: Asks, hints: Hints | None = None
) -> Callable[[User, Sequence[Case], Given | None], dict[int, Look]]:
    def looked(by: User, row: Application, given: Given | None) -> Look:
        reasons = ask(by, row, given)
        early = [] if hints is None or reasons or given is not None else hints(row)
        return Look(seen=f"{row.state} {row.version}", reasons=reasons, hints=early)

    def look(by: User, cases: Sequence[Case], given: Given | None) -> dict[int, Look]:
        there = _applications(by, cases)
        other = Look(seen="", reasons=[_("申請の案件ではありません。")])
        return {
            case.pk: looked(by, row, given) if (row := there.get(case.pk)) else other
            for case in cases
        }

    return look


def _stands_against(name: str, by: User, application: Application) -> list[str]:
    """Why the transition cannot be run: the state, the right with the interests, what is missing."""
    spec = application.specs()[name]
    if application.state not in spec.sources:
        return [_("「%(state)s」の状態ではできません。") % {"state": application.info.label}]
    return spec.permission.reasons(by, application) or unmet(application, spec)


def _look_alone(application: Application) -> list[str]:
    if not application.paper_late_reason:
        return []
    return [
        _(
            "受け取ってから日がたって入力された紙の申請です。案件のページで理由を読み、1件で受理してください。"
        )
    ]


def _against_accepting(by: User, application: Application) -> list[str]:
    found = _stands_against("accept", by, application)
    return found or application.kept_apart or _look_alone(application)


def _alone(case: Case) -> Application:
    row: Application = Application.objects.select_related("call__programme").get(case=case)
    row.case = case
    return row


# -- accept --------------------------------------------------------------------------------------
def _accept(case: Case, by: User, _given: Given) -> None:
    perform(_alone(case), "accept", by=by)


ACCEPT = BulkAct(
    label=_lazy("受理する"),
    look=_looks(lambda by, application, _given: _against_accepting(by, application)),
    effect=_accept,
    form=lambda data, _cases, _by: forms.Form(data),
)


# -- note checks ---------------------------------------------------------------------------------
class ChecksForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_lazy("「問題なし」と記録する確認"),
        choices=Check.KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("記録が済んでいる確認は、そのまま残ります。"),
    )
    evidence = TextField(
        label=_lazy("確かめた根拠"),
        max_length=300,
        help_text=_lazy("どの案件にも当てはまる書き方で。例：○月○日の照会の回答、該当なし"),
    )
    unasked = TextField(
        label=_lazy("警察に照会しない理由"),
        max_length=300,
        required=False,
        help_text=_lazy("書くと、暴力団の排除は、この理由で「不要」と記録します。"),
    )
    accept = forms.BooleanField(label=_lazy("続けて受理する"), required=False)


def _ask_checks(by: User, application: Application, given: Given | None) -> list[str]:
    if application.state not in formal.CHECKED_IN:
        return [_("「%(state)s」の状態ではできません。") % {"state": application.info.label}]
    if reasons := OFFICER.reasons(by, application) or application.kept_apart:
        return reasons
    blank = [row.kind for row in application.checks.all() if not row.result]
    wanted = [kind for kind in blank if given is None or kind in given["kinds"]]
    if not wanted:
        return [_("確認は記録が済んでいます。")]
    first = [known.look_first(application, kind) for kind in wanted]
    if given is not None and given["unasked"] and not _waits(application):
        first = [
            [] if kind == inquiring.KIND else texts
            for kind, texts in zip(wanted, first, strict=True)
        ]
    found = [text for texts in first for text in texts]
    if given is None:  # something is left that needs no look of its own
        return found if all(first) else []
    if given["accept"]:
        left = [
            row for row in application.checks.all() if row.kind in blank and row.kind not in wanted
        ]
        found += _to_accept(by, application, left)
    return found


def _waits(application: Application) -> bool:
    return any(row.result == "" for row in application.inquiries.all())


def _hints_of_checks(application: Application) -> list[str]:
    """What one would have to look at first, and what stands against accepting right after."""
    blank = [row.kind for row in application.checks.all() if not row.result]
    found = [text for kind in blank for text in known.look_first(application, kind)]
    return [*found, *_stops(application)]


def _stops(application: Application) -> list[str]:
    """What no note of a check does away with."""
    asked = (obstacles.open_defects, obstacles.open_findings, obstacles.awaited_papers)
    return [text for ask in asked for text in ask(application)]


def _to_accept(by: User, application: Application, left: list[Check]) -> list[str]:
    """Why it cannot be accepted once the chosen checks are noted."""
    names = "、".join(str(row.get_kind_display()) for row in left)
    found = [_("確認が終わっていません：%(names)s") % {"names": names}] if names else []
    if application.state not in application.specs()["accept"].sources:
        found.append(_("「%(state)s」の状態ではできません。") % {"state": application.info.label})
    return [*found, *_stops(application), *_look_alone(application)]


@transaction.atomic
def _note_checks(case: Case, by: User, given: Given) -> None:
    notes = {kind: ("clear", given["evidence"]) for kind in given["kinds"]}
    if given["unasked"] and inquiring.KIND in notes:
        notes[inquiring.KIND] = ("not_needed", given["unasked"])
    application = _alone(case)
    formal.note(application, notes, by=by)
    if given["accept"]:
        perform(application, "accept", by=by)


CHECKS = BulkAct(
    label=_lazy("要件の確認を記録する"),
    look=_looks(_ask_checks, _hints_of_checks),
    effect=_note_checks,
    form=lambda data, _cases, _by: ChecksForm(data),
)


# -- one paper of the police for all -------------------------------------------------------------
class ClearForm(forms.Form):
    """The paper by which the police answered about all of them that nothing is known."""

    answered_on = Day(label=_lazy("回答の日"))
    answer_number = TextField(label=_lazy("回答の文書番号"), max_length=60)


def _ask_clear(by: User, application: Application, _given: Given | None) -> list[str]:
    if reasons := OFFICER.reasons(by, application):
        return reasons
    if not _waits(application):
        return [_("警察の回答を待っている照会がありません。")]
    return []


def _clear(case: Case, by: User, given: Given) -> None:
    row = _alone(case).inquiries.get(result="")
    inquiring.answer(row, result="clear", by=by, **given)


CLEAR = BulkAct(
    label=_lazy("警察の回答（該当なし）を記録する"),
    look=_looks(_ask_clear),
    effect=_clear,
    form=lambda data, _cases, _by: ClearForm(data),
)


# -- return with one remark ----------------------------------------------------------------------
class ReturnForm(CorrectionForm):
    """One remark for all, and the day by which it is to be put right."""

    field_order = ("part", "cite", "text", "correct_by")
    part = forms.ChoiceField(label=_lazy("直していただく所"))
    cite = TextField(
        label=_lazy("根拠"),
        max_length=80,
        help_text=_lazy("要綱・募集要項の条項（例：要綱 第6条第2号）"),
    )
    text = LongText(label=_lazy("直していただきたいこと"), rows=3, max_length=600)

    def __init__(self, data: Sent, cases: Sequence[Case], _by: User) -> None:
        super().__init__(data)
        self.labels = _common(cases)
        offer_choices(self, "part", [("", _lazy("選んでください")), *self.labels.items()])

    def clean(self) -> Given:
        given = super().clean() or self.cleaned_data
        given["part_label"] = str(self.labels.get(given.get("part", ""), ""))
        return given


def _common(cases: Sequence[Case]) -> dict[str, Text]:
    """Part of an application → its label, over all calls of `cases`: what every application of a
    call has, without the rows that differ in number.
    """
    rows = Application.objects.filter(case__in=cases).order_by("call_id", "pk").distinct("call_id")
    labels: dict[str, Text] = {}
    for row in rows.select_related("call__programme", "case"):
        content = row.last_version.content if row.last_version else None
        if content:
            shown = {answer["part"]: answer["label"] for answer in parts(row, content, [])}
            shown |= {f"documents.{d.key}": said(d.name) for d in row.stated.documents}
            labels |= {part: text for part, text in shown.items() if not part.startswith("costs.")}
    return labels


def _ask_return(by: User, application: Application, given: Given | None) -> list[str]:
    spec = application.specs()["return_for_correction"]
    if application.state not in spec.sources:
        return [_("「%(state)s」の状態ではできません。") % {"state": application.info.label}]
    if reasons := OFFICER.reasons(by, application):
        return reasons
    if given is None:
        return []
    version = application.last_version
    content = version.content if version is not None else None
    if not content or given["part"] not in texts_by_part(application, content):
        return [
            _("この申請には、直していただく所（%(part)s）がありません。")
            % {"part": given["part_label"]}
        ]
    if formal.passed_before(application, given["part"]):
        return [
            _(
                "前の版で認め、その後変わっていない部分です。案件のページで、上司の理由を書いて付けてください。"
            )
        ]
    return []


def _return(case: Case, by: User, given: Given) -> None:
    application = _alone(case)
    remark = {name: given[name] for name in ("part", "part_label", "cite", "text")}
    formal.raise_defect(application, by=by, **remark)
    day: date | None = given["correct_by"]
    perform(application, "return_for_correction", by=by, correct_by=day)


RETURN = BulkAct(
    label=_lazy("同じ指摘で補正を依頼する"),
    look=_looks(_ask_return),
    effect=_return,
    form=ReturnForm,
)

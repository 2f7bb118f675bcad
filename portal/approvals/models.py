"""起案・回議・決裁: acts of the office are drafted here, circulated, and executed on approval, all rows or none."""

from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal import clock, ports
from portal.accounts.models import User
from portal.accounts.permissions import any_of, interests, office, prefixed, staff_scope
from portal.cases.models import Case
from portal.workflow.errors import NotReady, Refused
from portal.workflow.graph import UNBORN, LifeCycle, Requirement, State, state_check, state_field, transition


def interested(user: Any, approval: "Approval") -> list[str]:
    """The person's interests in any case of the approval."""
    items = list(approval.items.select_related("case"))
    for fill in ports.fill_interests.values():
        fill(user, [item.case for item in items])
    return [reason for item in items for reason in interests(user, item)]


class StepPerson:
    """The person whose step it is, free of interests in every case of the approval."""

    def reasons(self, user: Any, approval: "Approval") -> list[str]:
        step = approval.current_step
        if step is None or step.person_id != user.pk:
            return [_now("いまの段階を受け持つ方だけが行えます。")]
        return interested(user, approval)

    def q(self, user: Any) -> models.Q:
        return models.Q(steps__person=user, steps__decided_at=None)


class Drafter:
    """Whoever drafted the approval."""

    def reasons(self, user: Any, approval: "Approval") -> list[str]:
        return [] if approval.drafted_by_id == user.pk else [_now("起案した方だけが行えます。")]

    def q(self, user: Any) -> models.Q:
        return models.Q(drafted_by=user)


class Deputy:
    """代決: an approver in scope other than the one whose step it is."""

    office = office("approver")

    def reasons(self, user: Any, approval: "Approval") -> list[str]:
        step = approval.current_step
        if step is not None and step.person_id == user.pk:
            return [_now("あなたの番です。「決裁する」を押してください。")]
        return self.office.reasons(user, approval) or interested(user, approval)

    def q(self, user: Any) -> models.Q:
        return self.office.q(user)


def _no_last_step(approval: "Approval") -> list[str]:
    if approval.pk and not approval.steps.filter(kind="decide").exists():
        return [_now("決裁する人を選んでください。")]
    return []


def _last_step(approval: "Approval") -> list[str]:
    step = approval.current_step
    if step and step.kind != "decide":
        return [_now("先に回議が終わる必要があります。")]
    return []


def _before_last(approval: "Approval") -> list[str]:
    step = approval.current_step
    return [_now("最後の段階です。「決裁する」を押してください。")] if step and step.kind == "decide" else []


def _cases(subjects: list[Any]) -> list[Case]:
    models.prefetch_related_objects(subjects, "case")
    return [subject.case for subject in subjects]


def _rows(approval: Any, _given: dict[str, Any]) -> list[Any]:
    """Everything the act will touch, so that the outermost perform locks it in the one order."""
    rows: list[Any] = []
    for subject, _row_given in approval.rows():
        rows += [subject.case, subject, *ports.acts[approval.act].locks(subject)]
    return rows


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, user: Any) -> "ApprovalQuerySet":
        roles = [role for role in user.roles() if role.role != "administrator"]
        scope = any_of([prefixed(staff_scope(role), "items__case") for role in roles])
        return self.filter(scope | models.Q(steps__person=user) | models.Q(drafted_by=user)).distinct()


APPROVAL_STATES = {
    "drafted": State(_("起案中"), "", "you"),
    "circulated": State(_("回議中"), "", "city"),
    "returned": State(_("差戻し"), "", "care"),
    "approved": State(_("決裁済み"), "", "good"),
    "refused": State(_("否決"), "", "stop"),
    "withdrawn": State(_("取下げ"), "", "rest"),
}


class Approval(LifeCycle):
    lock_rank = 50
    STATES = APPROVAL_STATES
    LIVE = ("drafted", "circulated", "returned")

    act = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    state = state_field()

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        constraints = [state_check(APPROVAL_STATES, "approvals_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("approval", args=[self.pk])

    @property
    def act_label(self) -> Any:
        return ports.acts[self.act].label

    @property
    def current_step(self) -> "Step | None":
        return next((step for step in self.steps.all() if step.decided_at is None), None)

    def duty_subjects(self) -> list[str]:
        return [f"approval:{self.pk}", *[f"case:{item.case_id}" for item in self.items.all()]]

    def rows(self) -> list[tuple[Any, dict[str, Any]]]:
        """Each row the act is about, as stored now and with what the act reads, and what its form brought."""
        items = list(self.items.all())
        if not items:
            return []
        subjects = apps.get_model(items[0].subject_model)._default_manager.in_bulk([item.subject_id for item in items])
        models.prefetch_related_objects(list(subjects.values()), *ports.acts[self.act].reads)
        return [(subjects[item.subject_id], item.given) for item in items]

    def _decide(self, by: User, decision: str, opinion: str) -> None:
        step = self.current_step
        if step is None:
            raise Refused(_now("残っている段階がありません。"))
        step.decided_by, step.decision, step.opinion, step.decided_at = by, decision, opinion, clock.now()
        step.save()

    @transition(source=UNBORN, target="drafted", label=_("起案する"), done=_("起案しました"), internal=True,
                permission=office("programme_officer", "approver"), duty="draft_approval",
                locks=lambda _obj, given: _cases([row[0] for row in given["rows"] if row[0] is not None]))  # fmt: skip
    def begin(self, *, act: str, title: str, rows: list[Any], by: User, note: str = "", **_given: Any) -> None:
        """`rows`: (subject, given of the act's form) each; `steps`: (kind, person) each, the last one "decide"."""
        self.act, self.title, self.drafted_by, self.note = act, title, by, note
        self.drafted_at = clock.now()
        subjects = [subject for subject, _row_given in rows]
        if None in subjects:
            raise NotReady(_now("この案件では、まだ起案できません。"))
        models.prefetch_related_objects(subjects, *ports.acts[act].reads)
        waiting = Item.objects.filter(case__in=[row.case for row in subjects], approval__state__in=self.LIVE)
        if item := waiting.select_related("case").first():
            raise NotReady(_now("%(case)sは、別の起案が決裁を待っています。") % {"case": item.case})
        for subject in subjects:
            if reasons := ports.acts[act].allowed(subject):
                raise NotReady(*[f"{subject.case}: {reason}" for reason in reasons])
        first = rows[0][0].case
        self.programme_code, self.municipality_codes = first.programme_code, first.municipality_codes

    def born(self, by: User, given: dict[str, Any]) -> None:
        Item.objects.bulk_create(
            Item(approval=self, n=n, case=subject.case, subject_model=subject._meta.label, subject_id=subject.pk, given=row_given)
            for n, (subject, row_given) in enumerate(given["rows"], 1)
        )  # fmt: skip
        for n, (kind, person) in enumerate(given["steps"], 1):
            Step.objects.create(approval=self, n=n, kind=kind, person=person)

    @transition(source=("drafted", "returned"), target="circulated", label=_("回議に回す"), done=_("回議に回しました"),
                permission=Drafter(), requirements=(Requirement("steps", _no_last_step),), tone="solid")  # fmt: skip
    def circulate(self, **_given: Any) -> None:
        self.steps.update(decided_at=None, decision="", opinion="", decided_by=None)
        self._prefetched_objects_cache = {}

    @transition(source="circulated", target="circulated", label=_("同意して次へ回す"), done=_("同意しました"), tone="solid",
                permission=StepPerson(), requirements=(Requirement("before_last", _before_last),), reason="optional")  # fmt: skip
    def agree(self, *, by: User, reason: str = "", **_given: Any) -> None:
        self._decide(by, "agreed", reason)

    @transition(source="circulated", target="approved", label=_("決裁する"), done=_("決裁しました"), tone="solid",
                permission=StepPerson(), requirements=(Requirement("last", _last_step),), reason="optional",
                duty="approve_approval", sensitive=True, locks=_rows)  # fmt: skip
    def approve(self, *, by: User, reason: str = "", **_given: Any) -> None:
        self._decide(by, "approved", reason)
        self._execute(by)

    @transition(source="circulated", target="approved", label=_("代わって決裁する（代決）"), done=_("代決しました"),
                permission=Deputy(), requirements=(Requirement("last", _last_step),), reason="required",
                duty="approve_approval", sensitive=True, locks=_rows)  # fmt: skip
    def approve_as_deputy(self, *, by: User, reason: str, **_given: Any) -> None:
        self._decide(by, "deputised", reason)
        self._execute(by)

    @transition(source="circulated", target="returned", label=_("起案者に差し戻す"), done=_("差し戻しました"),
                permission=StepPerson(), reason="required")  # fmt: skip
    def send_back(self, *, by: User, reason: str, **_given: Any) -> None:
        self._decide(by, "returned", reason)

    @transition(source="circulated", target="refused", label=_("否決する"), done=_("否決しました"),
                permission=StepPerson(), reason="required", tone="danger")  # fmt: skip
    def refuse(self, *, by: User, reason: str, **_given: Any) -> None:
        self._decide(by, "refused", reason)
        self.decided_at = clock.now()

    @transition(source=("drafted", "circulated", "returned"), target="withdrawn", label=_("起案を取り下げる"),
                done=_("起案を取り下げました"), permission=Drafter(), reason="optional")  # fmt: skip
    def withdraw(self, **_given: Any) -> None:
        self.decided_at = clock.now()

    def _execute(self, by: User) -> None:
        """Run the act for every row. One refusal refuses all, with the row named."""
        self.decided_at = clock.now()
        act = ports.acts[self.act]
        if act.effect_all is not None:
            act.effect_all(self.rows(), by=by, approval=self)
            return
        refused = []
        for subject, given in self.rows():
            try:
                act.effect(subject, by=by, given=given, approval=self)
            except Refused as error:
                refused += [f"{subject.case}: {reason}" for reason in error.reasons]
        if refused:
            raise NotReady(*refused)


class Item(models.Model):
    """One case of an approval, with what the act's form brought for it."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="items")
    n = models.PositiveSmallIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="approval_items")
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    given = models.JSONField(default=dict)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["approval", "case"], name="approvals_item_once")]

    def __str__(self) -> str:
        return f"{self.approval_id}-{self.n}"

    @property
    def subject(self) -> Any:
        return apps.get_model(self.subject_model).objects.get(pk=self.subject_id)

    @property
    def preview(self) -> list[tuple[str, str, str]]:
        return ports.acts[self.approval.act].preview(self.subject, self.given)


class Step(models.Model):
    """One station of the circulation. kind: agree (回議), consult (合議) or decide (決裁)."""

    KINDS = [("agree", _("回議")), ("consult", _("合議")), ("decide", _("決裁"))]
    DECISIONS = {
        "": _("待っています"), "agreed": _("同意"), "approved": _("決裁"), "deputised": _("代決"),
        "returned": _("差戻し"), "refused": _("否決"),
    }  # fmt: skip

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps")
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["approval", "n"], name="approvals_step_once")]

    def __str__(self) -> str:
        return f"{self.approval_id}/{self.n}"

    @property
    def decision_label(self) -> Any:
        return self.DECISIONS[self.decision]

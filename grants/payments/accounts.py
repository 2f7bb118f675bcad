"""口座: bank accounts of organisations, kept once."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop, override

from grants.applications import named
from grants.applications.states import ApplicationState
from grants.awards.models import Award
from grants.awards.states import OPEN
from grants.payments import outgoing, zengin
from grants.payments.apart import ACCOUNTING as ACCOUNTING
from grants.payments.declaring import AtCounter
from grants.payments.places import branch_of, place
from grants.payments.ports import account_cautions
from grants.payments.states import LIVE_CLAIMS, UNCONFIRMED_ACCOUNTS, AccountState
from portal import clock
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import Applicant, Either, office
from portal.audit.record import record
from portal.cases.models import Case
from portal.days import day_said
from portal.firms.claims import holders
from portal.registry.codes import SAPPORO
from portal.registry.models import Bank, Branch
from portal.together import Ask
from portal.types import Given, Text
from portal.workflow import duties
from portal.workflow.door import Action, actions, perform, tell, write_to
from portal.workflow.errors import NotReady
from portal.workflow.graph import UNBORN, LifeCycle, state_check, state_field, transition
from portal.workflow.outgoing import Wording

if TYPE_CHECKING:
    from grants.payments.claims import Claim
    from grants.payments.transfers import Payment

FINANCE = office("finance_officer")
# pays by order of the first, and after having looked at it (地方自治法170条・232条の4)
KINDS = [("1", _lazy("普通")), ("2", _lazy("当座")), ("4", _lazy("貯蓄"))]


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def confirmed(self) -> "BankAccountQuerySet":
        return self.filter(state=AccountState.CONFIRMED)

    def unconfirmed(self) -> "BankAccountQuerySet":
        return self.filter(state__in=UNCONFIRMED_ACCOUNTS)


class BankAccount(LifeCycle):
    """口座: kept once for the organisation, in its own name; a second person confirms a change."""

    lock_rank = 25
    STATES = AccountState
    UNCONFIRMED = UNCONFIRMED_ACCOUNTS
    programme_code = ""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_accounts")
    bank_code = models.CharField(max_length=4)
    branch_code = models.CharField(max_length=3)
    kind = models.CharField(max_length=1, choices=KINDS)
    number = models.CharField(max_length=7)
    holder = models.CharField(max_length=100)
    holder_kana = models.CharField(max_length=100)
    declared_at = models.DateTimeField(default=clock.now)
    # why it bears another name than the firm's or its representative's, in the firm's words
    explanation = models.CharField(max_length=300, blank=True)
    # who of the office typed it at the counter
    typed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # what was open when it was confirmed: [which, as it was said, why it was confirmed all the same]
    answers = models.JSONField(default=list)
    # why finance could not confirm it, in words for the applicant
    refusal = models.CharField(max_length=300, blank=True)
    state = state_field()

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(AccountState, "payments_account_state"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=AccountState.CONFIRMED),
                name="payments_one_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^\d{7}$"), name="payments_account_number"
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    def get_absolute_url(self) -> str:
        return reverse("bank_account", args=[self.organisation_id])

    @property
    def told_as(self) -> str:
        return _("%(day)sの届出") % {"day": day_said(clock.day_of(self.declared_at))}

    def address_for(self, user: User) -> str:
        """The office has no page of an account: who confirms one goes on with the case whose claim
        waits for it, else with the payments.
        """
        if not user.is_office:
            return self.get_absolute_url()
        cases = Case.objects.worked_on_by(user).filter(organisation=self.organisation_id)
        claimed = cases.filter(claims__state__in=LIVE_CLAIMS).order_by("-claims__claimed_at")
        found = claimed.first()
        return f"{found.get_absolute_url()}#payments" if found else reverse("payment_desk")

    @property
    def masked(self) -> str:
        """Bank and branch, and the last three digits: what pages show."""
        return f"{self.bank_name} {self.branch_name} ****{self.number[-3:]}"

    def confirming(self, user: User) -> list[Action]:
        """What a person of the office may do with a declared account; empty where it may not be seen
        whole.
        """
        is_open = self.state == AccountState.DECLARED and user.is_office
        return actions(user, self) if is_open else []

    @property
    def sent_as(self) -> str:
        """The holder in the letters the bank will see; the form has made sure that there are such."""
        return zengin.holder(self.holder_kana)

    @property
    def bank_name(self) -> str:
        name = self._names[0]
        plain = self.bank_code >= "1000" or name.endswith("銀行")
        return name if plain else f"{name}銀行"  # the list leaves it out

    @property
    def branch_name(self) -> str:
        return self._names[1]

    @cached_property
    def branch(self) -> Branch | None:
        """As the list of banks has it; None where it no longer does."""
        return branch_of(self.bank_code, self.branch_code)

    @cached_property
    def _names(self) -> tuple[str, str]:
        """Bank and branch as the list has them; their codes where it has none."""
        if self.branch is not None:
            return self.branch.bank.name, self.branch.name
        bank = Bank.objects.filter(code=self.bank_code).first()
        return bank.name if bank else self.bank_code, self.branch_code

    @classmethod
    def name_all(cls, accounts: Collection["BankAccount"]) -> None:
        """Look up many accounts' banks and branches at once."""
        rows = Branch.objects.filter(
            bank_id__in={a.bank_code for a in accounts}, code__in={a.branch_code for a in accounts}
        )
        known = {(row.bank_id, row.code): row for row in rows.select_related("bank")}
        for account in accounts:
            account.branch = known.get((account.bank_code, account.branch_code))

    @property
    def municipality_codes(self) -> list[str]:
        area = self.organisation.area
        return [area.municipality_id if area else SAPPORO]

    @property
    def audit_chain(self) -> str:
        return f"organisation:{self.organisation_id}"

    @cached_property
    def awaited_by(self) -> list[int]:
        """The cases (keys) that may still be paid to it: `know_cases` looks many up at once."""
        return _awaiting([self]).get(self.organisation_id, [])

    @classmethod
    def know_cases(cls, accounts: Collection["BankAccount"]) -> None:
        found = _awaiting(accounts)
        for account in accounts:
            account.awaited_by = found.get(account.organisation_id, [])

    def duty_subjects(self) -> list[str]:
        """Whoever ordered in a case that it is to be paid to does not confirm it, nor the other way."""
        return [self.audit_chain, *(f"case:{case}" for case in self.awaited_by)]

    @property
    def answered(self) -> list[str]:
        """What was open when it was confirmed, and why it was confirmed all the same."""
        text = _("口座を確認したとき：%(said)s　確認した理由（%(who)s）：%(why)s")
        who = self.confirmed_by.name if self.confirmed_by else ""
        return [text % {"said": said, "who": who, "why": why} for _key, said, why in self.answers]

    def holder_at_bank(self) -> str:
        """The holder as the bank file writes it; NotReady where the bank takes a sign of it not."""
        try:
            return zengin.holder(self.holder_kana)
        except zengin.Unfit as unfit:
            raise NotReady(
                _("受取人名に銀行が受け付けない文字があります：%(signs)s") % {"signs": unfit.signs}
            ) from unfit

    def place(self) -> zengin.Place:
        """The account as the bank file writes it.

        Raises NotReady when bank or branch no longer exists.
        """
        return place(self.bank_code, self.branch_code, self.kind, self.number, self.branch)

    @transition(
        source=UNBORN,
        target=AccountState.DECLARED,
        label=_lazy("口座を届け出る"),
        done=_lazy("口座を届け出ました"),
        internal=True,
        permission=Either((Applicant(submitting=True), AtCounter())),
        locks=lambda _obj, given: [given["organisation"]],
        unsaid=("number",),
    )
    def begin(
        self, *, organisation: Organisation, by: User, explanation: str = "", **given: object
    ) -> None:
        self.organisation, self.declared_at = organisation, clock.now()
        self.typed_by = by if by.is_office else None
        self.explanation = explanation
        for name in ("bank_code", "branch_code", "kind", "number", "holder", "holder_kana"):
            setattr(self, name, given[name])

    def touched_cases(self) -> list[Case]:
        """Whose turn it is in the organisation's cases depends on its account."""
        return list(self.organisation.cases.filter(is_draft=False, closed_at=None))

    def _tell_cases(self, what: str, label: str, by: User, reason: str = "") -> None:
        """Leave a line in the record of each case of the firm that is paid to it."""
        for case in self.touched_cases():
            if case.state == ApplicationState.AWARDED:
                record(
                    chain=f"case:{case.pk}",
                    action=f"bankaccount.{what}",
                    subject=self.subject_key,
                    by=by,
                    capacity=by.capacity_for(case),
                    label=label,
                    reason=reason,
                )

    def born(self, by: User, given: Given) -> None:
        """It corrects one that is not confirmed yet; the confirmed one pays until this one is."""
        duties.note(by, self.duty_subjects(), "change_account")
        open_ones = BankAccount.objects.unconfirmed().filter(organisation=self.organisation)
        for earlier in open_ones.exclude(pk=self.pk):
            perform(earlier, "replace", by=by)
        self._tell_cases("begin", gettext_noop("口座を届け出ました"), by)
        self._tell_people(outgoing.ACCOUNT_DECLARED)

    def _tell_people(self, words: Wording) -> None:
        """Write to everybody of the firm, with the telephone of the office that they deal with."""
        phone = named.phone_of(self.organisation)
        for person in holders(self.organisation):
            write_to(person, self, words, phone=phone)

    @transition(
        source=AccountState.DECLARED,
        target=AccountState.CONFIRMED,
        label=_lazy("口座を確認済みにする"),
        done=_lazy("口座を確かめました"),
        tone="solid",
        permission=FINANCE,
        duty="confirm_account",
        form="account_cautions",
        sensitive=True,
        locks=lambda account, _given: BankAccount.objects.confirmed().filter(
            organisation=account.organisation_id
        ),
    )
    def confirm(self, *, by: User, **given: object) -> None:
        """By a second person; what was confirmed before is no longer used. Of each caution that is
        open it is said why; NotReady where one is passed over.
        """
        self.confirmed_by, self.answers = by, _answers(self, given)
        why = "　".join(f"{said}→{why}" for _key, said, why in self.answers)
        self._tell_cases("confirm", gettext_noop("口座を確かめました"), by, why)
        for case in self.touched_cases():
            serve(self, case)
        for earlier in BankAccount.objects.confirmed().filter(organisation=self.organisation):
            perform(earlier, "replace", by=by)
        self._tell_people(outgoing.ACCOUNT_CONFIRMED)

    @transition(
        source=AccountState.DECLARED,
        target=AccountState.REFUSED,
        label=_lazy("口座を差し戻す"),
        done=_lazy("口座を差し戻しました"),
        tone="danger",
        permission=FINANCE,
        asks="confirm_account",
        reason="required",
    )
    def refuse(self, *, by: User, reason: str, **_given: object) -> None:
        """The reason goes to the firm, which declares it anew."""
        self._tell_cases("refuse", gettext_noop("口座を差し戻しました"), by, reason)
        self.refusal = reason[:300]
        waiting = (
            self.organisation.cases.filter(
                is_draft=False, closed_at=None, state=ApplicationState.AWARDED
            )
            .order_by("-pk")
            .first()
        )
        if waiting is not None:
            tell(waiting, "applicant", outgoing.ACCOUNT_REFUSED)

    @transition(
        source=(*UNCONFIRMED_ACCOUNTS, AccountState.CONFIRMED),
        target=AccountState.REPLACED,
        label=_lazy("使わないことにする"),
        done=_lazy("口座を使わないことにしました"),
        internal=True,
        permission=Either((Applicant(submitting=True), FINANCE, AtCounter())),
    )
    def replace(self, **_given: object) -> None:
        pass


def _awaiting(accounts: Collection[BankAccount]) -> dict[int, list[int]]:
    """The cases whose awards may still be paid, by primary key of the firm."""
    firms = {account.organisation_id for account in accounts}
    awards = Award.objects.filter(
        state__in=OPEN, case__organisation__in=firms, case__closed_at=None
    )
    found: dict[int, list[int]] = {}
    for firm, case in awards.order_by("case").values_list("case__organisation", "case"):
        found.setdefault(firm, []).append(case)
    return found


def _answers(account: BankAccount, given: Given) -> list[list[str]]:
    with override("ja"):  # as it stays in the record
        open_ones = account_cautions.value(account)
    found = [
        [caution.key, str(caution.said), str(given.get(caution.field) or "").strip()[:300]]
        for caution in open_ones
    ]
    if left := [said for _key, said, why in found if not why]:
        text = _("確かめることが残っています。確認する理由を、それぞれに書いてください：%(said)s")
        raise NotReady(text % {"said": " ".join(left)})
    return found


def serve(account: BankAccount, case: Case) -> None:
    """Who typed or confirmed the account has done so for this case, too: its money goes there."""
    if case.state != ApplicationState.AWARDED:
        return
    for person, duty in (
        (account.typed_by, "change_account"),
        (account.confirmed_by, "confirm_account"),
    ):
        if person is not None:
            duties.note(person, [f"case:{case.pk}"], duty)


def confirmed_account(organisation: Organisation) -> BankAccount | None:
    rows = BankAccount.objects.confirmed().select_related("confirmed_by", "typed_by")
    return rows.filter(organisation=organisation).first()


def replaced(account: BankAccount, case: Case) -> list[str]:
    """Why nothing may be sent to an account any more:
    it is not the confirmed one of the case's organisation now.
    """
    if account.state == AccountState.CONFIRMED and account.organisation_id == case.organisation_id:
        return []
    return [
        _(
            "支出命令のあとに、振込先の口座が変わりました。案件のページで、新しい口座の支出命令を出し直してください（振込データに入っているときは、先に振込データを取り消します）。"
        )
    ]


def no_account(row: "Claim | Payment") -> list[str]:
    return no_confirmed(confirmed_account(row.case.organisation))


def no_confirmed(account: BankAccount | None) -> list[str]:
    return [] if account else [_("確認済みの口座がありません。口座の確認が先です。")]


def duty_subjects(ask: Ask, case: Case) -> Callable[[], list[tuple[Text, str]]]:
    """The accounts of the recipient: who declared and who confirmed them."""
    found = ask(BankAccount.objects.filter(organisation=case.organisation_id)[:1])
    return lambda: [(_("振込先の口座"), account.audit_chain) for account in found]

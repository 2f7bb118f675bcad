"""本格導入: one municipality's adoption of what a pilot showed, whether its own pilot or another's.

Public to its end.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from grants.followup.schedule import add_months
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases.models import Case
from portal.registry.models import Municipality
from portal.types import Text
from portal.workflow.earlier import keep_earlier
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)
from startups.challenges.routes import (
    BY_KEY,
    CONTRACT_KINDS,
    OPEN_SPEC,
    ROUTES,
    Route,
    small_amount_limit,
)
from startups.pilots.cases import following
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.rollouts import calendar, outgoing, states
from startups.rollouts.answers import Confirmation, UseAnswer
from startups.rollouts.states import RolloutState

__all__ = ["Confirmation", "Rollout", "UseAnswer"]

OWNER = office("challenge_owner")
ASK_MONTHS = 6


def _no_plan(rollout: "Rollout") -> list[str]:
    return (
        []
        if rollout.route and rollout.used_on
        else [_("先に、導入の方法と使い始める時期を決めます。")]
    )


def _not_confirmed(rollout: "Rollout") -> list[str]:
    missing = [str(label) for key, label in rollout.tests if key not in rollout.confirmed]
    return (
        [_("確かめていない要件があります：%(names)s") % {"names": "、".join(missing)}]
        if missing
        else []
    )


class Rollout(LifeCycle):
    """A municipality's road to a contract.

    Amounts in yen; `used_on`: when use is wanted, `use_began_on`: when it began.
    """

    lock_rank = 86
    STATES = RolloutState
    OUTGOING = outgoing.ROLLOUT
    LIVE = states.LIVE

    case = models.OneToOneField(Case, models.PROTECT, related_name="rollout")
    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="rollouts")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    department = models.CharField(max_length=80)
    route = models.CharField(max_length=20, blank=True, choices=[(r.key, r.label) for r in ROUTES])
    contract_kind = models.CharField(
        max_length=10, choices=[(k.key, k.label) for k in CONTRACT_KINDS], default="service"
    )
    used_on = models.DateField(null=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True)
    budget = models.BigIntegerField(null=True)
    specification = models.TextField(blank=True)
    contract_amount = models.BigIntegerField(null=True)
    contracted_on = models.DateField(null=True)
    contractor = models.CharField(
        max_length=150, blank=True
    )  # whom the route chose; need not be the pilot's company
    contractor_is_person = models.BooleanField(
        default=False
    )  # a sole proprietor, whom no public page names
    contract_ends_on = models.DateField(null=True)
    published_on = models.DateField(null=True)  # with whom and why it was contracted
    use_began_on = models.DateField(null=True)
    reason = models.TextField(blank=True)  # why it was dropped or ended
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(RolloutState, "rollouts_state"),
            models.UniqueConstraint(
                fields=["pilot", "municipality"],
                condition=~Q(state__in=states.OVER),
                name="rollouts_live_once",
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gt=0), name="rollouts_budget_positive"
            ),
            models.CheckConstraint(
                condition=Q(contract_amount=None)
                | Q(contract_amount__gt=0, contract_amount__lte=models.F("budget")),
                name="rollouts_within_budget",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=states.UNDER_CONTRACT) | Q(contract_amount__isnull=False),
                name="rollouts_contract_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=states.OVER) | ~Q(reason=""),
                name="rollouts_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.municipality}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def is_prepared(self) -> bool:
        """Its first day of use lies ahead."""
        return self.is_live and self.state != RolloutState.IN_USE

    @property
    def public_contractor(self) -> str:
        """The contractor where anyone may read it."""
        firm = self.case.organisation
        hidden = self.contractor_is_person or (
            firm.is_sole_proprietor and self.contractor == firm.name
        )
        return _("個人事業主") if hidden else self.contractor

    @property
    def way(self) -> Route | None:
        return BY_KEY.get(self.route)

    @property
    def small_amount_limit(self) -> int | None:
        """The most yen of its contract, where it is one by small amount."""
        if self.route != "small_amount":
            return None
        return small_amount_limit(self.contract_kind, self.municipality_id)

    @property
    def tests(self) -> tuple[tuple[str, Text], ...]:
        return self.way.tests if self.way else ()

    @property
    def confirmed(self) -> dict[str, Confirmation]:
        """The tests of the present route that were confirmed."""
        known = {key for key, _label in self.tests}
        return {row.key: row for row in self.confirmations.all() if row.key in known}

    @property
    def is_adopted_on_evidence(self) -> bool:
        """True where the municipality was no partner of the pilot:
        it adopts on what another's showed.
        """
        return self.municipality_id not in {
            partner.municipality_id for partner in self.pilot.partners.all()
        }

    @property
    def road(self) -> calendar.Road | None:
        """The calendar counted back from the wanted day of use; None before that is known."""
        if not self.route or self.used_on is None:
            return None
        pilot = self.pilot
        return calendar.road(
            self.used_on,
            self.route,
            starts_on=pilot.starts_on,
            ends_on=pilot.ends_on,
            reports_on=pilot.report_due,
            gate_on=pilot.midterm_on,
        )

    @property
    def asked_on(self) -> date | None:
        """The day by which it is next to be said whether it is in use:
        each half-year from the first day.
        """
        if self.state != RolloutState.IN_USE or self.use_began_on is None:
            return None
        return add_months(self.use_began_on, ASK_MONTHS * (len(self.answers.all()) + 1))

    @property
    def is_in_use(self) -> bool:
        """利用中か: as last said, and as the contract's beginning says before the first answer."""
        rows = list(self.answers.all())
        return self.state == RolloutState.IN_USE and (not rows or rows[-1].in_use)

    @transition(
        source=UNBORN,
        target=RolloutState.CONSIDERED,
        label=_lazy("本格導入を検討する"),
        done=_lazy("本格導入の検討が始まりました"),
        internal=True,
        permission=OWNER,
        locks=lambda _obj, given: [given["pilot"].case, given["pilot"]],
    )
    def begin(
        self, *, pilot: Pilot, municipality: Municipality, department: str, **_given: object
    ) -> None:
        """From an evaluated pilot.

        Raises NotReady for any other, and where the municipality has one under way.
        """
        fresh = Pilot.objects.select_related("case").get(pk=pilot.pk)
        if fresh.state != PilotState.EVALUATED:
            raise NotReady(_("評価の終わった実証だけを、本格導入に進められます。"))
        if Rollout.objects.live().filter(pilot=fresh, municipality=municipality).exists():
            raise NotReady(_("この市町村では、すでに検討しています。"))
        self.pilot, self.municipality, self.department = fresh, municipality, department
        asked = fresh.challenge.content
        if asked.get("route"):
            self.route = asked["route"]
            self.used_on = calendar.earliest(
                self.route, reports_on=max(fresh.report_due, clock.today())
            )
        self.case = following(
            fresh.case,
            kind="rollout",
            series=f"RO{fiscal.fiscal_year(clock.today()) - 2018}",
            municipality_codes=[municipality.pk],
            title=fresh.title,
        )

    @transition(
        source=RolloutState.CONSIDERED,
        target=RolloutState.CONSIDERED,
        label=_lazy("方法と時期を決める"),
        done=_lazy("導入の方法と時期を決めました"),
        permission=OWNER,
        form="rollout_plan",
        duty="specify_contract",
    )
    def plan(
        self, *, route: str, contract_kind: str, used_on: date, department: str, **_given: object
    ) -> None:
        self.route, self.contract_kind = route, contract_kind
        self.used_on, self.department = used_on, department

    @transition(
        source=RolloutState.CONSIDERED,
        target=RolloutState.BUDGETED,
        label=_lazy("予算が付いたと記録する"),
        done=_lazy("本格導入の予算が付きました"),
        permission=OWNER,
        form="rollout_budget",
        duty="specify_contract",
        requirements=(Requirement("plan", _no_plan),),
        tone="solid",
    )
    def fund(self, *, fiscal_year: int, budget: int, **_given: object) -> None:
        self.fiscal_year, self.budget = fiscal_year, budget

    @transition(
        source=(RolloutState.BUDGETED, RolloutState.SPECIFIED),
        target=RolloutState.SPECIFIED,
        label=_lazy("仕様を決める"),
        done=_lazy("仕様を決めました"),
        permission=OWNER,
        form="rollout_specification",
        duty="specify_contract",
        tone="solid",
        unsaid=("specification",),
    )
    def specify(self, *, specification: str, by: User, **_given: object) -> None:
        """That it closes nobody out was confirmed of the earlier one, and is to be anew."""
        if specification != self.specification:
            keep_earlier(self, _lazy("仕様"), [self.specification], by=by)
            self.confirmations.filter(key=OPEN_SPEC[0]).delete()
        self.specification = specification

    @transition(
        source=RolloutState.SPECIFIED,
        target=RolloutState.CONTRACTED,
        label=_lazy("契約を決定する"),
        done=_lazy("契約を結びました"),
        permission=office("approver"),
        form="rollout_contract",
        duty="sign_contract",
        requirements=(Requirement("confirmed", _not_confirmed),),
        tone="solid",
        sensitive=True,
    )
    def contract(
        self,
        *,
        contract_amount: int,
        contractor: str,
        contracted_on: date,
        contract_ends_on: date | None = None,
        contractor_is_person: bool = False,
        **_given: object,
    ) -> None:
        """Raises NotReady above the budget, or above the limit of the route."""
        if contract_amount > (self.budget or 0):
            raise NotReady(
                _("予算（%(most)s円）を超えています。") % {"most": f"{self.budget or 0:,}"}
            )
        limit = self.small_amount_limit
        if limit is not None and contract_amount > limit:
            raise NotReady(
                _(
                    "少額の随意契約の目安（%(kind)sは%(most)s円）を超えています。ほかの方法を選んでください。"
                )
                % {"kind": self.get_contract_kind_display(), "most": f"{limit:,}"}
            )
        self.contract_amount, self.contractor = contract_amount, contractor
        self.contractor_is_person = contractor_is_person
        self.contracted_on, self.contract_ends_on = contracted_on, contract_ends_on

    @transition(
        source=RolloutState.CONTRACTED,
        target=RolloutState.IN_USE,
        label=_lazy("使い始めたと記録する"),
        done=_lazy("本格的に使い始めました"),
        permission=OWNER,
        form="rollout_use",
        tone="solid",
    )
    def begin_use(
        self, *, use_began_on: date, published_on: date | None = None, **_given: object
    ) -> None:
        """Raises NotReady where the route asks for a publication after the contract and none was made."""
        if self.way and self.way.publishes and published_on is None:
            raise NotReady(_("契約の相手と選んだ理由を公表した日を入力してください。"))
        self.use_began_on, self.published_on = use_began_on, published_on

    @transition(
        source=RolloutState.IN_USE,
        target=RolloutState.IN_USE,
        label=_lazy("いまも使っているか答える"),
        done=_lazy("利用の状況を答えました"),
        permission=OWNER,
        form="rollout_answer",
    )
    def answer(self, *, by: User, in_use: bool, text: str, **_given: object) -> None:
        self.answers.create(
            n=len(self.answers.all()) + 1, in_use=in_use, text=text, by=by, on=clock.today()
        )

    @transition(
        source=states.UNDER_CONTRACT,
        target=RolloutState.ENDED,
        label=_lazy("導入を終える"),
        done=_lazy("本格導入が終わりました"),
        permission=OWNER,
        reason="required",
        tone="danger",
    )
    def end(self, *, reason: str, **_given: object) -> None:
        self.reason = reason

    @transition(
        source=states.BEFORE_CONTRACT,
        target=RolloutState.DROPPED,
        label=_lazy("導入を見送る"),
        done=_lazy("本格導入を見送りました"),
        permission=OWNER,
        reason="required",
        tone="danger",
    )
    def drop(self, *, reason: str, **_given: object) -> None:
        """The reason is published: it is what the next department needs to know."""
        self.reason = reason

    def mirror(self) -> None:
        case = self.case
        with override("ja"):  # stored as the message id, shown in the reader's language
            case.state, case.state_label = self.state, str(self.info.label)
        case.amount = self.contract_amount or self.budget
        case.closed_at = None if self.is_live else clock.now()
        case.save()

"""Which acts the applicant reads on the page of the case, and of which the reason that was typed."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

from grants.recovery import taking_back
from portal.cases.ports import public_acts
from portal.workflow.graph import LifeCycle, Spec, life_cycles
from portal.workflow.outgoing import NOTHING
from tests.conftest import World
from tests.grants.test_taking_back import GROUND, received, revoked

# what is recorded beside the transitions of a row, and how the applicant reads it
BESIDE = {
    "application.honour": "bare",
    "asset.describe": "bare",
    "award.lower": "bare",  # the reason stands with the act that lowers it
    "award.succeed": "said",  # in the letter, too
    "case.assign": "bare",
    "enrolment.survey": "bare",
    "filing.check": "bare",
    "notice.post": "bare",
    "pilot.incident": "bare",
    "pilot.indicator": "bare",
    "pilot.measure": "bare",
    "pilot.settle": "bare",
    "pilot.status": "bare",
    "recovery.demand": "bare",
    "recovery.give_back": "bare",
    "recovery.keep_receipt": "",  # finance among itself
    "recovery.propose_taking_back": "",
    "recovery.receive": "bare",
    "recovery.receive_early": "bare",
    "recovery.see_surplus": "bare",
    "recovery.set_off": "bare",
    "recovery.take_back_receipt": "bare",
    "recovery.take_up": "bare",
    "recovery.undo_set_off": "said",  # in the letter, too
    "rollout.confirm": "bare",
}
# transitions that the applicant reads nothing of
INNER = {
    "notice.deliver",
    "notice.void",
    "payment.clear",
    "payment.confirm_bounce",
    "payment.deny_arrival",
    "payment.deny_return",
    "payment.doubt_bounce",
    "payment.order_again",
    "payment.say_came_back",
    "payment.send_back",
    "payment.withhold",
    "pilot.propose_no_agreement",  # the office among itself, until the pilot is stopped
    "pilot.propose_no_result",
    "pilot.propose_no_start",
}
# nothing is sent with these, but the reason is written to the applicant
READ_ON_THE_PAGE = {"bankaccount.refuse", "enrolment.drop", "extensionrequest.grant"}


def acts() -> dict[str, tuple[type[LifeCycle], Spec]]:
    return {
        f"{model._meta.model_name}.{name}": (model, spec)
        for model in life_cycles()
        for name, spec in model.specs().items()
        if model._meta.model_name in public_acts
    }


def how(action: str) -> str:
    model, _point, name = action.partition(".")
    said = public_acts[model]
    return "said" if name in said.said.split() else "bare" if name in said else ""


def test_each_act_of_a_row_that_the_applicant_reads_of_is_decided() -> None:
    assert {action for action in acts() if not how(action)} == INNER
    assert {action: how(action) for action in BESIDE} == BESIDE
    table = {
        f"{model}.{name}"
        for model, said in public_acts.items()
        for name in [*said.said.split(), *said.bare.split()]
    }
    assert table - {*acts(), *BESIDE} == set()


def test_what_is_recorded_beside_the_transitions_stands_in_the_table() -> None:
    known = {*acts(), *BESIDE}
    written = re.compile(
        rf'(?:action=|record_about\(\s*[a-z.]+,\s*|_note\([a-z]+, )"((?:{"|".join(public_acts)})'
        r'\.[a-z_]+)"'
    )
    found = {
        action
        for room in ("portal", "grants", "startups")
        for path in Path(settings.BASE_DIR, room).rglob("*.py")
        for action in written.findall(path.read_text("utf-8"))
    }
    assert len(found) > 12
    assert found - known == set()


def test_the_reason_of_the_office_is_read_where_the_act_is_told_to_the_applicant() -> None:
    for action, (model, spec) in acts().items():
        out = model.OUTGOING.get(spec.name, NOTHING)
        is_told = bool(out.paper or out.applicant) or action in READ_ON_THE_PAGE
        if spec.reason and how(action) == "said" and "pplicant" not in repr(spec.permission):
            assert is_told, action


def test_what_finance_says_to_finance_is_not_on_the_page_of_the_firm(
    world: World, client: Client
) -> None:
    recovery = revoked(world)
    page = recovery.case.get_absolute_url()
    firm = recovery.case.organisation.memberships.get().user
    receipt = received(world, recovery, 5_000)
    taking_back.propose(receipt, ground=GROUND, by=world.staff["accountant"])
    client.force_login(firm)
    text = client.get(page).content.decode()
    assert "返還金の納付を記録しました" in text
    assert GROUND not in text
    assert "取消しを提案" not in text
    taking_back.confirm(receipt, by=world.staff["treasurer"])
    text = client.get(page).content.decode()
    assert "納付の記録を取り消しました" in text
    assert GROUND not in text
    client.force_login(world.officer)
    assert GROUND in client.get(page).content.decode()

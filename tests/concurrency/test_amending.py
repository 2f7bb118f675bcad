"""A version anew and the office, at the same moment: one of them is first, and nothing is lost."""

from grants.applications import formal, submit
from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.ledger import all_clear


def begun(world: World) -> tuple[Application, User]:
    application, person = world.submitted()
    return perform(application, "begin_amending", by=person), person


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def test_it_is_accepted_or_handed_in_anew_but_never_accepted_unseen(
    committed_world: World,
) -> None:
    world = committed_world
    application, person = begun(world)
    all_clear(application, by=world.officer)
    found = together(
        lambda: submit.submit(fresh(application), by=person),
        lambda: perform(fresh(application), "accept", by=world.officer),
    )
    assert sum(isinstance(result, Refused) for result in found) == 1
    now = fresh(application)
    assert now.last_version is not None
    assert (now.state, now.last_version.n) in (("accepted", 1), ("submitted", 2))
    assert (now.last_version.accepted_at is not None) is (now.state == "accepted")


def test_the_first_check_and_a_version_anew(committed_world: World) -> None:
    world = committed_world
    call = world.calls["telework"]
    said = call.parameters | {"amending": {"until_checks": True}}
    Call.objects.filter(pk=call.pk).update(parameters=said)
    application, person = begun(world)
    row = application.checks.exclude(kind="antisocial")[0]
    found = together(
        lambda: submit.submit(fresh(application), by=person),
        lambda: formal.check(row, by=world.officer, result="clear", evidence="見た", shown=1),
    )
    assert sum(isinstance(result, Refused) for result in found) == 1
    now = fresh(application)
    row.refresh_from_db()
    assert now.last_version is not None
    assert (now.last_version.n, row.result) in ((1, "clear"), (2, ""))


def test_two_of_one_firm_hand_it_in_once(committed_world: World) -> None:
    application, person = begun(committed_world)
    found = together(
        lambda: submit.submit(fresh(application), by=person),
        lambda: submit.submit(fresh(application), by=person),
    )
    assert sum(isinstance(result, Refused) for result in found) == 1
    assert application.versions.count() == 2

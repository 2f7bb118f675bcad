"""Records are kept for their years and then disposed of; sums, states and a whole audit chain stay."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from grants.applications.models import ApplicationVersion, Section
from grants.awards.models import Award
from grants.followup.models import Asset
from grants.recovery.models import Recovery
from portal import clock, events, fiscal
from portal.audit.models import Event, Payload
from portal.cases import retention
from portal.cases.models import Case
from portal.disposals import jobs
from portal.disposals.models import Disposal
from portal.documents.models import Document
from portal.notices.models import Notice
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.lines import Lines, only
from tools.demonstration.simulation import at


def long_after(years: int = 9) -> date:
    return clock.today() + timedelta(days=366 * years)


@pytest.mark.parametrize(
    ("ended", "kept"),
    [
        (date(2027, 3, 31), date(2032, 3, 31)),
        (date(2027, 4, 1), date(2033, 3, 31)),
        (date(2026, 11, 20), date(2032, 3, 31)),
    ],
)
def test_five_years_from_the_end_of_the_fiscal_year(ended: date, kept: date) -> None:
    assert retention.after(ended) == kept


def test_an_open_case_is_kept_and_a_withdrawn_one_for_its_years(world: World) -> None:
    application, person = world.submitted()
    assert retention.keep_until(application.case) is None
    application = perform(application, "withdraw", by=person)
    assert retention.keep_until(Case.objects.get(pk=application.case_id)) == retention.after(
        clock.today()
    )


def test_a_paid_case_is_kept_while_reports_assets_or_recoveries_are_open(world: World) -> None:
    award, _person = paid(world)
    assert retention.keep_until(award.case) is None  # reports are still to come
    award.parameters["periods"] = award.parameters["periods"] | {
        "follow_up_years": 0,
        "use_check_months": [],
    }
    award.save()
    assert retention.keep_until(award.case) == retention.after(award.fixed_on or clock.today())
    asset = Asset.objects.create(
        award=award, item=1, name="機械", cost=900_000, acquired_on=clock.today(), life_years=10
    )
    assert retention.keep_until(award.case) == asset.restricted_until
    world.decided("revoke_part", [award], {"reason": "x", "heard": "x", "amount": 1_000})
    assert retention.keep_until(award.case) is None
    Recovery.objects.filter(award=award).update(state="closed")
    assert retention.keep_until(award.case) == asset.restricted_until


def test_what_people_typed_and_sent_is_erased_and_sums_and_the_chain_stay(
    world: World, client: Client, django_capture_on_commit_callbacks: object, lines: Lines
) -> None:
    award, person = paid(world)
    award.parameters["periods"] = award.parameters["periods"] | {
        "follow_up_years": 0,
        "use_check_months": [],
    }
    award.save()
    case, code = award.case, Notice.objects.get(case=award.case, kind="award").code
    keys = list(Document.objects.filter(case=case).values_list("file__key", flat=True))
    other, _other = world.submitted()
    assert keys
    assert all(default_storage.exists(key) for key in keys)
    with clock.at(at(fiscal.fiscal_year_end(2000))):
        assert retention.due() == []
    with clock.at(at(long_after())):
        assert [row.pk for row in retention.due()] == [case.pk]
        jobs.note_records_over(0)
        jobs.dispose_records(0)
        assert all(default_storage.exists(key) for key in keys)  # nobody decided yet
        given = {"fate": "destroy", "until": "", "reason": "保存期間が満了したため。"}
        world.decided("dispose", [Disposal.objects.get(case=case)], given)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            jobs.dispose_records(0)
        assert retention.due() == []
        jobs.dispose_records(0)
        assert only(lines, events.Event.RECORDS_ERASED)["of"] == f"case:{case.pk}"
    assert not any(default_storage.exists(key) for key in keys)
    assert not Document.objects.filter(case=case).exists()
    assert Document.objects.filter(case=other.case).exists()
    assert not Section.objects.filter(application__case=case).exclude(data={}).exists()
    assert ApplicationVersion.objects.get(application__case=case).content == {}
    assert (
        Payload.objects.filter(event__chain=f"case:{case.pk}", erased_at=None).count() == 1
    )  # of the disposal itself
    assert Event.objects.filter(chain=f"case:{case.pk}", action="case.dispose").count() == 1
    assert (Award.objects.get(pk=award.pk).fixed_amount, Award.objects.get(pk=award.pk).state) == (
        280_000,
        "closed",
    )
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "every chain is whole" in out.getvalue()
    for reader in (person, world.officer, world.staff["auditor"]):
        client.force_login(reader)
        assert client.get(f"/cases/{case.number}/").status_code == 404
    assert client.get(f"/verify/{code}/").status_code == 404

"""One case from its first day to the stage where the office takes it up."""

from datetime import datetime, timedelta

from grants.applications import correcting, formal, submit
from grants.applications.models import Application
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.cases.assignment import assign
from portal.correspondence import talk
from portal.workflow.door import begin, perform
from tools.demonstration.simulation.answers import fill, paper
from tools.demonstration.simulation.files import attach
from tools.demonstration.simulation.firms import organisation
from tools.demonstration.simulation.ledger import all_clear
from tools.demonstration.simulation.world import World, at


def one_case(world: World, call: Call, stage: str) -> Application:
    """One case from its first day to `stage`.

    "decided" stops at accepted: `decide` does the rest call by call.
    """
    rng = world.rng
    period = call.periods.all()[0]
    last = min(period.closes_at, clock.now()) - timedelta(days=8)
    start = period.opens_at + (max(last - period.opens_at, timedelta(hours=1)) * rng.random())
    start = at(clock.day_of(start), rng.randint(9, 11), rng.randint(0, 59))
    is_recent = clock.now() - start < timedelta(days=25)
    with clock.at(start):
        firm, person = organisation(world, call)
        application = begin(Application, by=person, call=call, organisation=firm)
        fill(
            world,
            application,
            person,
            complete=stage != "draft",
            follows=stage == "submitted" and is_recent,
        )
    if stage == "draft":
        return application
    with clock.at(
        min(
            start + timedelta(days=rng.randint(1, 5), minutes=rng.randint(0, 400)),
            period.closes_at - timedelta(minutes=1),
        )
    ):
        application = submit.submit(application, by=person)
    submitted = application.arrived_at or start
    officer = world.staff["second_officer" if call.programme_code == "telework" else "officer"]
    with clock.at(submitted + timedelta(days=1, hours=2)):
        assign(application.case, officer, by=officer)
        if rng.random() < 0.3:
            talk.write(
                application.case,
                body="見積書の日付が申請日より後でも問題ないでしょうか。",
                by=person,
            )
            if stage != "submitted":
                talk.write(
                    application.case,
                    body="問題ありません。注文より前の日付であれば大丈夫です。",
                    by=officer,
                )
    if stage == "submitted":
        return application
    return examine(world, application, officer, person, stage, submitted)


def examine(
    world: World,
    application: Application,
    officer: User,
    person: User,
    stage: str,
    submitted: datetime,
) -> Application:
    """The formal check: some are returned once; then the ledger is filled and the application accepted."""
    if stage == "returned" or world.rng.random() < 0.25:
        with clock.at(submitted + timedelta(days=2)):
            document = application.case.documents.first()
            formal.raise_defect(
                application,
                by=officer,
                part=f"documents.{document.key}" if document else "plan.title",
                part_label="見積書",
                cite="要綱 第6条第4号",
                text="見積書の3行目が「設定作業 一式」です。作業の内容と数量が分かる見積書をお送りください。",
            )
            application = perform(application, "return_for_correction", by=officer)
        if stage == "returned":
            return application
        with clock.at(submitted + timedelta(days=4)):
            if document is None:
                correcting.answer(application, 1, "名称は、社内の計画書と同じものです。", by=person)
            else:
                data = paper(f"{application.pk} mended")
                attach(
                    application.case, key=document.key, name="見積書_修正.pdf", data=data, by=person
                )
            application = submit.submit(application, by=person)
            for defect in application.defects.filter(resolved_at=None):
                formal.resolve_defect(defect, by=officer)
    with clock.at(submitted + timedelta(days=5)):
        all_clear(application, "照会の回答・同意による確認", by=officer)
        return perform(application, "accept", by=officer)

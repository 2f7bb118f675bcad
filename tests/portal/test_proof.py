"""Four eyes, proved for a whole case: who did each duty of a pair, and that nobody did both."""

import pytest
from django.test import Client

from portal import clock
from portal.cases import proof
from portal.workflow.models import Duty
from tests.conftest import World
from tests.grants import test_payments as payments


def done_by(person: int, duty: str, subject: str = "case:1") -> Duty:
    return Duty(subject=subject, person_id=person, duty=duty, at=clock.now())


@pytest.mark.parametrize(
    ("done", "verdicts"),
    [
        ([], []),
        ([done_by(1, "score")], ["open"]),
        ([done_by(1, "score"), done_by(2, "approve_decision")], ["apart"]),
        ([done_by(1, "score"), done_by(1, "approve_decision")], ["together"]),
        ([done_by(1, "score"), done_by(1, "approve_decision", "case:2")], ["open"]),
        (
            [
                done_by(1, "check_claim"),
                done_by(2, "order_payment"),
                done_by(1, "export_batch"),
            ],
            # nobody looked at the order for accounting yet, nor set it off; who checked the claim
            # also exported
            ["apart", "open", "open", "together", "apart", "open", "open"],
        ),
    ],
)
def test_a_proof_says_of_each_pair_whether_two_people_did_it(
    db: None, done: list[Duty], verdicts: list[str]
) -> None:
    assert [row.verdict for row in proof.pairs([("案件", "case:1")], done)] == verdicts


def test_the_page_proves_the_duties_of_a_paid_case(world: World, client: Client) -> None:
    award, person = payments.fixed(world)
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, award, person))
    payments.taken_in(world, batch, payments.answer(batch))
    client.force_login(world.staff["auditor"])
    text = client.get(f"/cases/{award.case.number}/duties/").content.decode()
    assert "すべて別々の人" in text
    rows, interested = proof.of_case(award.case)
    done = [row for row in rows if row.did_second]  # nothing was set off, nothing bounced
    assert {str(row.first): row.verdict for row in done} == {
        "起案": "apart",
        "検査": "apart",
        "請求の確認": "apart",
        "申請の提出": "apart",
        "実績報告の提出": "apart",
        "請求の提出": "apart",
        "支出命令": "apart",
        "口座の変更": "apart",
        "口座の確認": "apart",
        "制度・公募回の作成": "apart",
    }
    assert interested == []
    Duty.objects.create(
        subject=f"case:{award.case.pk}",
        person=world.staff["treasurer"],
        duty="check_claim",
        at=clock.now(),
    )
    assert (
        "分かれていない職務が1件"
        in client.get(f"/cases/{award.case.number}/duties/").content.decode()
    )

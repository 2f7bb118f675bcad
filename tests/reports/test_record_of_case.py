"""What the page of a case and its whole (一件書類) say was done, by whom, and who read it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.test import Client

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases import dossier
from portal.cases.models import Case
from portal.cases.timeline import newest_first, said_by
from reports.dossiers import contents
from tests.conftest import World


def rows_of_page(world: World, case: Case) -> list[list[str]]:
    client = Client()
    client.force_login(world.officer)
    page = client.get(case.get_absolute_url()).content.decode()
    table = page.partition('id="log"')[2].partition("</table>")[0]
    return [
        [
            " ".join(re.sub("<[^>]*>", "", cell).split())
            for cell in re.findall("(?s)<td.*?</td>", row)
        ]
        for row in re.findall("(?s)<tr>.*?</tr>", table.partition("<tbody>")[2])
    ]


def rows_of_volume(world: World, case: Case) -> Sequence[Sequence[str]]:
    return dossier.log(case, world.officer)[0]["rows"]


def test_page_and_volume_say_the_same_person_of_the_same_event(world: World) -> None:
    application, person = world.submitted()
    case = application.case
    paper = newest_first(case).get(action="notice.begin")
    assert paper.actor == person
    assert said_by(paper) == "システム"
    of_page = {cells[-1]: cells[1] for cells in rows_of_page(world, case)}
    of_volume = {
        text.rpartition("照合 ")[2]: who.partition("\n")[2]
        for who, text in rows_of_volume(world, case)
    }
    assert of_page.items() <= of_volume.items()
    assert of_page[paper.fingerprint] == "システム"
    assert person.name in of_page.values()


def test_both_are_in_the_order_of_their_moments(world: World) -> None:
    case = world.submitted()[0].case
    with clock.at(clock.now() - timedelta(days=3)):
        record(
            chain=f"case:{case.pk}",
            action="case.note",
            subject=f"case:{case.pk}",
            by=world.officer,
            capacity="office",
            label="あとから書き込んだこと",
        )
    assert rows_of_page(world, case)[-1][2] == "あとから書き込んだこと"
    assert "あとから書き込んだこと" in rows_of_volume(world, case)[0][1]


def test_who_read_the_case_is_in_its_whole_for_those_who_decide(world: World) -> None:
    case = world.submitted()[0].case
    client = Client()
    client.force_login(world.approver)
    client.get(case.get_absolute_url())

    def told(person: User) -> list[str]:
        return [
            text
            for piece in contents.pieces(Case.objects.get(pk=case.pk), person)
            if piece.label == "閲覧の記録"
            for who, text in piece.sections[0]["rows"]
            if world.approver.name in who
        ]

    assert told(world.officer) == ["案件を開いた"]
    assert told(world.staff["auditor"]) == ["案件を開いた"]
    assert told(world.staff["inspector"]) == []

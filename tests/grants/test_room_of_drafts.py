"""What a draft keeps of what is typed: its own fields, each with room beyond its limit; what is far beyond
stays on the page of whoever typed it.
"""

from django.test import Client
from django.urls import reverse
from lxml import html

from grants.applications import drafts, room
from grants.applications.models import Application
from portal.ui.alone import alone
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.markup import one_line
from tools.demonstration.rooms.payments import typed

FAR = "あ" * 1_000_000
BOUNDS = ("-MIN_NUM_FORMS", "-MAX_NUM_FORMS")


def at(application: Application, key: str) -> str:
    return reverse("application_section", args=[application.case.number, key])


def kept(application: Application, key: str) -> dict[str, str]:
    section = drafts.stored(application, key)
    return dict(section.data) if section is not None else {}


def test_only_the_fields_of_a_section_are_kept(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    sent = {"title": "在宅勤務", "title_y": "x", "costs": FAR, "item-0-what": "z"}
    assert client.post(f"{at(application, 'plan')}autosave/", sent).status_code == 200
    assert kept(application, "plan") == {"title": "在宅勤務"}
    rows = {"item-TOTAL_FORMS": "1", "item-0-what": "机", "item-0-order_on_y": "2027"}
    more = {"item-20-what": "z", "item-0-none": "z", "item-1-amount_y": "z"}
    assert client.post(f"{at(application, 'costs')}autosave/", rows | more).status_code == 200
    assert kept(application, "costs") == rows


def test_every_control_of_the_pages_is_kept(world: World, client: Client) -> None:
    for code in world.calls:
        application, person = world.draft(code)
        client.force_login(person)
        for key in drafts.form_classes(application):
            # the consent stands on the page of the documents
            page = html.fromstring(client.get(at(application, key), follow=True).content)
            [form] = page.xpath("//form[@data-autosave]")
            names = {name for name in form.fields if name and name not in drafts.KEEP}
            names -= {name for name in names if name.endswith(BOUNDS)}
            assert names
            assert set(room.own(application, key, dict.fromkeys(names, "1"))) == names


def test_a_little_too_long_is_kept_and_told(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    answer = client.post(at(application, "plan"), {"title": "あ" * 160})
    assert answer.status_code == 422
    assert kept(application, "plan")["title"] == "あ" * 160


def test_far_too_long_stays_on_the_page(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    before = kept(application, "plan")
    sent = before | {"title": "い" * 1_000, "version": "1"}
    saved = client.post(f"{at(application, 'plan')}autosave/", sent)
    assert saved.status_code == 413
    assert "長すぎるため、保存していません" in saved.json()["message"]
    answer = client.post(at(application, "plan"), sent)
    page = one_line(answer)
    assert answer.status_code == 422
    assert "短くしてください：事業の名称" in page
    assert "い" * 1_000 in page
    assert kept(application, "plan") == before
    costs = kept(application, "costs")
    answer = client.post(at(application, "costs"), costs | {"item-0-what": "う" * 1_000})
    assert answer.status_code == 422
    assert "う" * 1_000 in one_line(answer)
    assert kept(application, "costs") == costs


def test_a_pasted_cell_has_no_more_room(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    before = kept(application, "costs")
    sent = {"pasted": f"内容\t金額\n{'あ' * 1_000}\t5", "take": "1", "mode": "replace"}
    where = reverse("costs_paste", args=[application.case.number])
    answer = client.post(where, sent | {"version": "1"})
    assert answer.status_code == 422
    assert "短くしてください：内容" in one_line(answer)
    assert kept(application, "costs") == before


def test_what_is_kept_is_drawn_alone_and_no_longer_than_there_is_room(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = reverse("application_pdf", args=[application.case.number])
    with alone():
        answer = client.get(where)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert client.get(where).status_code == 200


@begins(awarded)
def test_a_report_too_stays_on_the_page_where_it_is_far_too_long(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    client.force_login(person)
    where = reverse("completion", args=[award.case.number])
    client.post(reverse("completion_start", args=[award.case.number]))
    said = typed(award) | {"result": FAR, "version": "0"}
    assert client.post(f"{where}autosave/", said).status_code == 413
    assert client.post(where, said).status_code == 422
    many = typed(award) | {f"x{n}": "あ" * 19_000 for n in range(11)} | {"version": "0"}
    assert client.post(f"{where}autosave/", many).status_code == 413

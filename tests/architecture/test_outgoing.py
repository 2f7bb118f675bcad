"""What goes out: every listener stands in a table, each event in its own words, and nobody is named."""

import ast
import re
from collections import Counter

import pytest
from django.utils.translation import override

from portal.approvals.ports import acts
from portal.correspondence import event_table, mails
from portal.correspondence.kinds import OWN_KINDS
from portal.workflow.outgoing import Outgoing, Wording
from portal.workflow.ports import notice_kinds
from tests.architecture.test_house import imports, modules

# a placeholder takes a number, a day or a code, nothing that a person wrote
PLACEHOLDERS = {
    "%(days)s",
    "%(n)s",
    "%(until)s",
    "%(day)s",
    "%(code)s",
    "%(yen)s",
    "%(phone)s",  # the office's, as the programme states it
    "%(paper)s",  # what is due, in words of ours
}


def tables() -> list[tuple[str, Outgoing | Wording]]:
    """(where, entry) of every table of the rooms."""
    return event_table.entries()


def words() -> list[tuple[str, Wording]]:
    return [
        (where, said)
        for where, entry in tables()
        for said in ([entry] if isinstance(entry, Wording) else [w for _side, w in entry.mails])
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("part", ["subject", "says"])
def test_no_two_events_say_the_same(part: str, language: str) -> None:
    with override(language):
        each = {id(entry): entry for _where, entry in words()}  # some name one event by two acts
        said = Counter(str(getattr(entry, part)) for entry in each.values())
    assert [text for text, times in said.items() if times > 1] == []
    assert len(said) > 90


def test_each_mail_says_what_happened_and_what_to_do_next() -> None:
    with override("ja"):
        short = [
            where for where, said in words() if not re.fullmatch(r"(.+。){2,}", str(said.says))
        ]
    assert short == []


def test_each_mail_about_a_case_says_to_its_applicant_what_follows() -> None:
    silent = [
        where
        for where, entry in tables()
        if isinstance(entry, Outgoing) and entry.applicant and not entry.applicant.follows
    ]
    assert silent == []


def test_nobody_goes_without_what_the_law_asks_to_be_told() -> None:
    """A notice is told of at once, but for the receipt of what the reader's own side handed in."""
    kinds = {said.kind for _where, said in words()} - {""}
    assert kinds == set(OWN_KINDS)
    declined = {
        entry.paper
        for _where, entry in tables()
        if isinstance(entry, Outgoing) and entry.applicant and entry.applicant.kind
    }
    assert declined == {"", "receipt", "completion_receipt"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_mail_has_room_for_a_name(language: str) -> None:
    with override(language):
        found = {
            where: placeholders
            for where, said in words()
            if (
                placeholders := set(
                    re.findall(r"%\(?\w*\)?\w", f"{said.subject}{said.says}{said.follows}")
                )
            )
        }
    assert set().union(*found.values()) == PLACEHOLDERS


def test_the_page_of_the_office_has_every_room_and_a_word_for_every_value() -> None:
    rooms = {
        ".".join(path.parent.parts[-2:])
        for path in modules()
        if path.name == "outgoing.py" and path.parent.name != "workflow"
    }
    assert rooms == {name for name, _label in event_table.rooms()} == set(event_table.ROOMS)
    assert {f"%({name})s" for name in mails.SPECIMEN} == PLACEHOLDERS


def test_every_kind_of_notice_goes_out_with_an_event() -> None:
    papers = {entry.paper for _where, entry in tables() if isinstance(entry, Outgoing)} - {""}
    assert papers == set(notice_kinds)
    assert {act.notice for act in acts.values()} - {""} <= papers


def test_nobody_is_written_to_but_from_a_table() -> None:
    """`tell`, `send_out` and `write_to` take `Wording`, which only an outgoing.py makes."""
    found = {
        path.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Wording", "Outgoing")
    }
    assert found == {"outgoing.py"}


def test_only_the_room_of_mails_sends_one() -> None:
    """Others say what happened and in which words; how a mail is framed is decided in one place."""
    found = {
        path.parent.name
        for path in modules()
        for name, _inner in imports(path)
        if re.fullmatch(r"portal\.correspondence\.(models\.Mail|post|post\..*)", name)
    }
    assert found == {"correspondence"}

"""Words that are hidden in one line are hidden in the others too, where that is wished."""

from django.urls import reverse

from reports.disclosure import alike
from reports.disclosure.forms import LineForm
from reports.disclosure.masking import Marked
from reports.disclosure.models import Disclosure
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.reports.test_public_copies import entered, received

LINES: list[Marked] = [
    ("text", "豊平興業の豊平 花子", [(5, 10, "person")]),
    ("text", "花子さん、豊平　花子、豊平花子", [(11, 15, "firm")]),
    ("text", "別の話", []),
]


def test_the_same_words_are_found_however_spaced_where_they_are_open() -> None:
    assert alike.places(LINES, 0, LINES[0][2]) == {1: [(5, 10, "person")]}
    assert alike.places(LINES, 0, [(0, 1, "person")]) == {}  # one sign is no word


def test_what_is_hidden_once_is_offered_and_hidden_everywhere(world: World) -> None:
    row = received(world, awarded(world)[0].case)
    word = "テレワーク"
    here = [k for k, (_kind, text, spans) in enumerate(row.marked) if word in text and not spans]
    assert len(here) > 1
    n = here[0]
    form = LineForm(None, row.marked[n], [], row.named_grounds)
    start = row.marked[n][1].index(word)
    chosen = [str(k) for k, (s, e) in enumerate(form.places) if s < start + len(word) and start < e]
    address = reverse("disclosure_line", args=[row.number, n])
    client = entered(world.officer)
    sent = {"words": chosen, "ground": "firm"}
    answer = client.post(address, sent)
    assert answer.headers["Location"] == address  # the others are offered
    left = alike.places(Disclosure.objects.get().marked, n, Disclosure.objects.get().marked[n][2])
    assert set(here[1:]) <= set(left)
    assert f"ほかの行の{alike.count(left)}か所" in client.get(address).content.decode()
    answer = client.post(address, sent | {"everywhere": "on"})
    assert answer.headers["Location"] == f"{row.get_absolute_url()}#line-{n}"
    marked = Disclosure.objects.get().marked
    assert all(any(ground == "firm" for _s, _e, ground in marked[k][2]) for k in here)
    assert alike.places(marked, n, marked[n][2]) == {}

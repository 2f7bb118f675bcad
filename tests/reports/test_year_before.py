"""What the page of a call says of the year before: from a published release alone, and no more than it tells."""

from types import SimpleNamespace

import pytest
from django.test import Client

from grants.programmes.models import Call
from reports.statistics.page import panels
from reports.statistics.releasing import figures
from tests.conftest import World
from tests.markup import one_line

Row = dict[str, str | int | float | bool | None]


def published(monkeypatch: pytest.MonkeyPatch, call: Call, **told: int | bool | None) -> None:
    """A release that tells this of the call's programme in the year before."""
    key: Row = {"fiscal_year": call.fiscal_year - 1, "programme": call.programme_code}
    every: Row = {"dimension": "all", "key": "all", "suppressed": False}
    rows = {name: list[Row]() for name in figures.Figures.NAMES}
    rows["applications_by"] = [key | every | told]
    rows["days"] = [
        key | {"stage": "decision", "median": 31.0},
        key | {"stage": "payment", "median": None},
    ]
    monkeypatch.setattr(panels, "newest", lambda: SimpleNamespace(sha256="made up"))
    monkeypatch.setattr(figures, "tables", lambda _release, _names: rows)


def test_applied_awarded_and_share_are_told_with_where_they_stand(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = world.calls["telework"]
    published(monkeypatch, call, applications=40, awards=10)
    page = (
        one_line(client.get(call.public_url))
        .partition("前の年度の結果")[2]
        .partition("</details>")[0]
    )
    for said in ("40件", "10件", "（申請の25％）", "31日以内"):
        assert said in page
    assert "請求から振込まで" not in page
    assert f"/statistics/?year={call.fiscal_year - 1}&amp;programme=telework" in page
    assert "(25% of the applications)" in one_line(client.get(f"/en{call.public_url}"))


def test_what_is_withheld_is_said_to_be(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = world.calls["telework"]
    published(monkeypatch, call, applications=None, awards=None, suppressed=True)
    page = (
        one_line(client.get(call.public_url))
        .partition("前の年度の結果")[2]
        .partition("</details>")[0]
    )
    assert "公表していません。" in page
    assert "（申請の" not in page


def test_nothing_is_said_where_nothing_was_published(world: World, client: Client) -> None:
    assert "前の年度の結果" not in one_line(client.get(world.calls["telework"].public_url))

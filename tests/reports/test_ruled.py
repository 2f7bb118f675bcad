"""Tables on paper: a column is as wide as what stands in it asks for, and figures stand to the right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.papers import fonts
from reports.papers.ruled import GAP, SMALL, is_of_figures, widths


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["12", "18,039,000", ""], True),
        (["3.1％", "―", "−1,000円"], True),
        (["90,000円", "水野 千尋"], False),
        (["2027年1月29日（金）"], False),
        (["", ""], False),
    ],
)
def test_a_column_of_figures_has_no_words(cells: list[str], found: bool) -> None:
    assert is_of_figures(cells) is found


def test_what_is_short_leaves_its_room_to_what_is_long() -> None:
    case, what, long = widths([["案件"], ["残りの返還額"], ["資金繰り表のとおり" * 20]], 450)
    assert case < what < 100 < long
    needed = fonts.width("残りの返還額", SMALL) + GAP
    assert what >= needed


@given(st.lists(st.lists(st.text("案件abc1,", max_size=80), min_size=1), min_size=1, max_size=8))
def test_all_columns_together_are_as_wide_as_the_paper(columns: list[list[str]]) -> None:
    found = widths(columns, 450)
    assert sum(found) == pytest.approx(450)
    assert min(found) > 0

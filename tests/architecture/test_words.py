"""The word list (`tools/words.py`) notices a spelling that is not the portal's, and lets its own pass."""

import pytest

from tools import words


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ごらん下さい", "「下さい」 → ください"),
        ("返還のお願い", "「返還のお願い」 → 返還命令"),
        ("振込みの日", "「振込み」 → 振込"),
        ("わからないとき", "「わか」 → 分かる"),
        ("手続を終えました", "「手続」 → 手続き"),
    ],
)
def test_a_word_of_the_list_is_named_with_what_is_written(text: str, fault: str) -> None:
    assert fault in words.faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "事情の変更により",
        "事務又は事業に関する情報",
        "手続終了通知書",
        "見積書を添えます",
        "振り込みます",
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert words.faults(text) == []


def test_the_portal_keeps_to_it() -> None:
    assert [(where, fault) for where, text in words.texts() for fault in words.faults(text)] == []

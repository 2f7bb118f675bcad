"""A password that programs guess within hours is refused: zxcvbn knows 30,000 leaked ones, words,
names, rows of keys and how people vary them.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.late import Late

# a fifth of a second of every start
if TYPE_CHECKING:
    import zxcvbn
    from zxcvbn import matching
else:
    zxcvbn = Late("zxcvbn")
    matching = Late("zxcvbn.matching")

OF_THE_HOUSE = ["sapporo", "hokkaido", "portal", "sapporoshi", "kotonoha"]
_GUESSES = 10**8  # of a program that has the stored hash; what is below falls in hours
_OWN_LETTERS = 6
_LONGEST = 72  # letters that are looked at
_WAYS = 32  # of reading its signs as letters ("4" as "a") up to which so many are


def looked_at(password: str) -> str:
    """The beginning that is judged. Each way of reading its signs as letters is tried over every part
    of it: twenty such signs in 72 letters took seconds, which anybody may ask for at sign-up.
    """
    start = password[:_LONGEST]
    signs = matching.relevant_l33t_subtable(start, matching.L33T_TABLE)
    ways = len(matching.enumerate_l33t_subs(signs))
    return start[: int(_LONGEST * min(1, _WAYS / ways) ** 0.5)]


class NotGuessable:
    """Its help says for all the rules of a password what they ask."""

    def validate(self, password: str, user: User | None = None) -> None:
        own = [user.name, *user.email.replace("@", ".").split(".")] if user is not None else []
        words = [*OF_THE_HOUSE, *[word.lower() for word in own if len(word) > 3]]
        found = zxcvbn.zxcvbn(looked_at(password), user_inputs=words)
        if found["guesses"] < _GUESSES or _beside(password, words) < _OWN_LETTERS:
            raise ValidationError(
                _(
                    "このパスワードは推測されやすいものです。関係のない言葉をいくつか並べると、長くても覚えやすく安全になります。"
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("12文字以上。よくある言葉や並び、お名前やアドレスをもとにしたものは使えません。")


def _beside(password: str, words: list[str]) -> int:
    """Letters and digits of a password beside words that anybody would try."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return sum(letter.isalnum() for letter in rest)

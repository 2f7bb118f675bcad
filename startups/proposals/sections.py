"""How both sides read the sections that a proposal adds to an application."""

from django.utils.translation import gettext as _

from portal.types import Given, Text


def challenge_rows(answers: Given) -> list[tuple[str, Text, str]]:
    return [
        (
            "challenges",
            _("提案する課題"),
            "\n".join(f"{row['number']}　{row['title']}" for row in answers["challenges"]),
        )
    ]


def secrecy_rows(answers: Given) -> list[tuple[str, Text, str]]:
    count = len(answers["secret"])
    return [("secret", _("秘密の指定"), _("%(n)s項目") % {"n": count} if count else _("なし"))]

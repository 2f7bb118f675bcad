"""What an applicant marked secret: who reads it all the same, and what the others read."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from grants.applications.content import Content, Instead

# who decides on an application, carries it out, or audits it (地方自治法 199条)
CLEARED = frozenset({"programme_officer", "approver", "concierge", "challenge_owner", "auditor"})


def marks(content: Content) -> list[str]:
    """What the applicant marked secret: "section.name", or "costs"."""
    return list(content.get("secrecy", {}).get("secret", []))


def unnamed(content: Content) -> list[Instead]:
    """What was said in the stead of files, without the names that the firm gave them, for whom the files
    are closed or have other names; and without where in them, which is typed freely.
    """
    said: list[Instead] = content.get("instead", [])
    return [{**row, "name": "", "where": ""} for row in said]


def hidden(content: Content, marked: Iterable[str]) -> Content:
    """Frozen answers with a sentence in the place of each mark, and no cost items for "costs"."""
    found = content | {"instead": unnamed(content)}
    for mark in marked:
        section, _dot, name = mark.partition(".")
        if section == "costs":
            found["costs"] = {**found["costs"], "items": []}
        elif name in found.get(section, {}):
            found[section] = {**found[section], name: _("（申請者の希望により非公開）")}
    return found

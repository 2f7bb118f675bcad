"""What an application holds that is not for everybody, in any of its versions."""

from collections.abc import Iterable

from grants.applications import secrecy
from grants.applications.answers import parts
from grants.applications.models import ApplicationVersion
from portal.cases.models import Case
from portal.cases.ports import Private


def of_versions(case: Case) -> Iterable[Private]:
    """Who is to be asked and who represents the firm; what the applicant marked secret, as it is
    shown.
    """
    versions = ApplicationVersion.objects.filter(application__case=case)
    for version in versions.select_related("application__call__programme"):
        content = version.content
        if not content:
            continue
        contact = content.get("contact", {})
        people = [contact.get(name, "") for name in ("name", "phone", "email", "adviser_name")]
        for text in [*people, content["organisation"]["representative_name"]]:
            yield Private(text=text, kind="person")
        marks = tuple(secrecy.marks(content))
        for row in parts(version.application, content, []):
            if row["part"] in marks or ("costs" in marks and row["part"].startswith("costs.")):
                yield Private(text=row["text"], kind="secret")

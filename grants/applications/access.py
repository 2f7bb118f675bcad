"""Who opens an application, and which files of it."""

from collections.abc import Sequence

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from grants.applications import instead, secrecy
from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from grants.applications.turns import application_of
from grants.programmes.models import said
from portal.accounts.models import User
from portal.accounts.permissions import NOBODY, stands_for_applicant
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import Document
from portal.documents.reading import received
from portal.types import SignedIn


def open_files(user: User, case: Case) -> Q:
    """Files follow the answers.

    Those of an application with secrets are opened by whoever is cleared for the secrets; who does
    not work on the case (a reviewer) reads what was handed in with the last version, and what that
    said would follow; not what came later.
    """
    if not user.is_office or visibility.reads(user, case, secrecy.CLEARED):
        return Q()
    application = application_of.first(case)
    version = application.last_version if application is not None else None
    if version is None:
        return Q()
    if secrecy.marks(version.content) and not version.is_cleared(user):
        return NOBODY
    if visibility.reads(user, case, visibility.WORKERS):
        return Q()
    late = [row["key"] for row in instead.of_content(version.content) if row["way"] == "later"]
    handed_in = Q(pk__in=[row["id"] for row in version.content["documents"]])
    return handed_in | Q(key__in=late, frozen=True)


OTHERS = ("other", "paper_scan")  # files of an application that its programme does not name


def files_received(user: User, case: Case) -> Q:
    """The office reads what was handed in, not what is being amended or corrected."""
    application = application_of.first(case) if user.is_office else None
    if application is None:
        return Q()
    return received(user, Q(key__in=[*(d.key for d in application.stated.documents), *OTHERS]))


def files_of_blind(user: User, case: Case) -> Q:
    """Of such an application, the files that its programme lets the reviewers look at."""
    if not user.is_office or not visibility.is_veiled(user, case):
        return Q()
    application = application_of.first(case)
    blind = application.stated.blind if application is not None else None
    return Q(key__in=blind.documents if blind else ())


def rename(user: User, case: Case, documents: Sequence[Document]) -> None:
    """Show the files by kind and number to whom the applicant is hidden; nothing is stored."""
    if not user.is_office or not visibility.is_veiled(user, case):
        return
    application = application_of.first(case)
    stated = application.stated.documents if application is not None else ()
    titles = {d.key: said(d.name) for d in stated}
    for document in documents:
        alike = Document.objects.kept().filter(case=case, key=document.key, pk__lte=document.pk)
        document.name = f"{titles.get(document.key, _('書類'))} {alike.count()}"


def application_for(user: User, pk: int) -> Application:
    """The application of a case the person may see, or 404."""
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Application.objects.select_related("case__organisation", "call__programme"),
        pk=pk,
        case__in=cases,
    )


def extension_for(user: User, pk: int) -> ExtensionRequest:
    """The same of a request for a later day."""
    rows = ExtensionRequest.objects.select_related(
        "case__organisation", "application__call__programme", "asked_by"
    )
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.worked_on_by(user))


def application_at(request: SignedIn, number: str) -> Application:
    cases = Case.objects.visible_to(request.user)
    return get_object_or_404(
        Application.objects.select_related("case", "call__programme"),
        case__number=number,
        case__in=cases,
    )


def draft_at(request: SignedIn, number: str) -> Application:
    """The application that this person may write, else 404.

    The applicant's side writes, or the office where it came on paper.
    """
    cases = Case.objects.visible_to(request.user)
    application = get_object_or_404(
        Application.objects.select_related(
            "call__programme", "case__organisation__area", "copied_from"
        ),
        case__number=number,
        case__in=cases,
    )
    if not stands_for_applicant(request.user, application.case):
        raise Http404
    return application

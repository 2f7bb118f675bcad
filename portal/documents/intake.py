"""What a form with files brings: the files themselves, or tickets for those already in the storage."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.utils.translation import gettext as _

from portal import events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import checks, direct, store
from portal.events import Event
from portal.types import SignedIn
from portal.ui import limits


class Away(str):
    """A sentence about the storage, not about what was sent."""


def status_of(errors: Iterable[str]) -> int:
    """The status of a form page with these sentences: 503 where the storage is away, 422 where the
    person mends something.
    """
    found = list(errors)
    return 503 if any(isinstance(error, Away) for error in found) else 422 if found else 200


def attempt(request: SignedIn, case: Case, key: str, *, internal: bool = False) -> str:
    """Keep what a form sent; the sentence for its field where that was not possible, else nothing."""
    try:
        take_in(request, case, key, internal=internal)
    except checks.Unfit as unfit:
        event = Event.UPLOAD_INFECTED if unfit.code == "virus" else Event.UPLOAD_REFUSED
        events.log(event, user=request.user.pk, of=case, code=unfit.code)
        return str(unfit)
    except OSError:
        return Away(
            _(
                "いま書類の保管庫につながりません。数分後にもう一度お試しください。ほかの入力は保存されています。"
            )
        )
    messages.success(request, _("書類を受け取りました。"))
    return ""


def take_in(request: SignedIn, case: Case, key: str, *, internal: bool = False) -> None:
    """Keep what a form sent under `key`: files through the portal, or tickets of files that went
    straight to the storage.

    Raises checks.Unfit with a sentence for the field, OSError where the storage fails, or TooOften.
    """
    by = request.user
    limits.spend(request, limits.UPLOADS)
    tokens = request.POST.getlist("token")[:20]
    if tokens:
        names = request.POST.getlist("name")
        files = [
            (name, direct.take(token, case, by=by))
            for name, token in zip(names, tokens, strict=False)
        ]
    else:
        files = [(file.name or "", file.read()) for file in request.FILES.getlist("file")]
    limits.spend(request, limits.BYTES, sum(len(data) for _name, data in files))
    try:
        _keep(case, key, files, by=by, sha256=request.POST.get("sha256", ""), internal=internal)
    finally:
        for token in tokens:
            _forget(token)


def _forget(token: str) -> None:
    """What was taken in is no longer needed where it was sent; where it cannot be removed now, the
    nightly sweep does.
    """
    try:
        direct.forget(token)
    except OSError:
        events.log(Event.INCOMING_KEPT)


def _keep(
    case: Case, key: str, files: list[tuple[str, bytes]], *, by: User, sha256: str, internal: bool
) -> None:
    """Each file as it is, but several photographs as one PDF.

    All are checked before the first is kept.
    """
    if not files:
        raise checks.Unfit(_("ファイルを選んでから「送る」を押してください。"), "none")
    if sum(len(data) for _name, data in files) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1048576
        raise checks.Unfit(
            _("一度に送れるのは合計%(limit)sMBまでです。") % {"limit": limit}, "too_large"
        )
    expected = sha256 if len(files) == 1 else ""
    photographs = [
        (name, data)
        for name, data in files
        if _checked(name, data, alone=len(files) == 1).is_photograph
    ]
    if len(photographs) > 1:
        stem = store.clean_name(photographs[0][0]).rpartition(".")[0] or "photos"
        together = [data for _name, data in photographs]
        store.add_photographs(
            case, key=key, photographs=together, name=f"{stem}.pdf", by=by, internal=internal
        )
        files = [file for file in files if file not in photographs]
    for name, data in files:
        store.add(
            case, key=key, name=name, data=data, by=by, expected_sha256=expected, internal=internal
        )


def _checked(name: str, data: bytes, *, alone: bool) -> checks.Sniffed:
    """What the file is. Raises checks.Unfit, naming the file where it is one of several."""
    try:
        return checks.sniff(data)
    except checks.Unfit as unfit:
        if alone:
            raise
        said = {"name": store.clean_name(name), "why": unfit}
        raise checks.Unfit(
            _("「%(name)s」：%(why)s（ほかのファイルもまだ届いていません）") % said, unfit.code
        ) from unfit

"""What a form with files brings: the files themselves, or tickets for those already in the storage."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Model, Sum
from django.utils.translation import gettext as _

from portal import events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import direct, kinds, names, packs, receiving, refusals
from portal.documents.kinds import Unfit
from portal.documents.models import Document
from portal.events import Event
from portal.types import SignedIn
from portal.ui import limits
from portal.ui.ports import cannot_draw

FIELD = "file"  # of a form that sends files


class Away(str):
    """A sentence about the storage, not about what was sent."""


def status_of(errors: Iterable[str]) -> int:
    """The status of a form page with these sentences: 503 where the storage is away, 422 where the
    person mends something.
    """
    found = list(errors)
    return 503 if any(isinstance(error, Away) for error in found) else 422 if found else 200


def attempt(
    request: SignedIn, case: Case, key: str, *, internal: bool = False, field: str = FIELD
) -> str:
    """Keep what a form sent in its `field` for a case; the sentence for that field where it was not
    possible, else nothing.
    """
    error = told(request, case, lambda: take_in(request, case, key, internal=internal, field=field))
    if not error:
        say_arrived(request)
    return error


def say_arrived(request: SignedIn) -> None:
    messages.success(
        request, _("ファイルが届きました。中身を確認しています。そのまま次へ進めます。")
    )


def told(request: SignedIn, of: Model, keep: Callable[[], object]) -> str:
    """Do what keeps the files of a form; the sentence for its field where one is not taken."""
    try:
        keep()
    except Unfit as unfit:
        events.log(Event.UPLOAD_REFUSED, user=request.user.pk, of=of, code=unfit.code)
        return _sentence(unfit)
    except OSError:
        return Away(
            _(
                "いま書類の保管庫につながりません。数分後にもう一度お試しください。ほかの入力は保存されています。"
            )
        )
    return ""


def take_in(
    request: SignedIn,
    case: Case,
    key: str,
    *,
    internal: bool = False,
    field: str = FIELD,
    then: Callable[[list[Document]], object] | None = None,
) -> None:
    """Keep what a form sent under `key`: files through the portal, or tickets of files that went
    straight to the storage. `then`: what becomes of these very files, or none of them is kept.

    Raises Unfit, OSError where the storage fails, or TooOften.
    """
    by = request.user
    limits.spend(request, limits.UPLOADS)
    tickets = _tickets(request)
    files = _fetched(request, case, tickets) if tickets else brought(request, field)
    sha256 = request.POST.get("sha256", "")
    try:
        if then is None:
            _keep(case, key, files, by=by, sha256=sha256, internal=internal)
        else:
            with transaction.atomic():
                then(_keep(case, key, files, by=by, sha256=sha256, internal=internal))
    finally:
        for token in tickets:
            _forget(token)


def _tickets(request: SignedIn) -> dict[str, str]:
    """Token of a ticket → name of its file; however often it is handed in, a ticket counts once."""
    tokens, called = request.POST.getlist("token")[:20], request.POST.getlist("name")
    return dict(zip(tokens, called, strict=False))


def _fetched(request: SignedIn, case: Case, tickets: dict[str, str]) -> list[tuple[str, bytes]]:
    """The files of these tickets: what all of them weigh is known before the first is read, and was
    spent as the tickets were given. Raises Unfit or OSError.
    """
    found = [
        (name, direct.arrived(token, case, by=request.user)) for token, name in tickets.items()
    ]
    _check_weight([one.size for _name, one in found])
    return [(name, direct.read(one)) for name, one in found]


def _weigh(request: SignedIn, sizes: list[int]) -> None:
    """Before the files of these sizes are read into memory. Raises Unfit or TooOften."""
    limits.spend(request, limits.BYTES, sum(sizes))
    _check_weight(sizes)


def _check_weight(sizes: list[int]) -> None:
    if sum(sizes) > settings.UPLOAD_MAX_BYTES:
        raise Unfit("too_large" if len(sizes) == 1 else "too_large_together")


def brought(request: SignedIn, field: str = FIELD) -> list[tuple[str, bytes]]:
    """The files that a form brought through the portal: (name, bytes) each. Raises Unfit or TooOften."""
    files = request.FILES.getlist(field)
    _weigh(request, [file.size or 0 for file in files])
    return [(file.name or "", file.read()) for file in files]


def _size(files: Iterable[tuple[str, bytes]]) -> int:
    return sum(len(data) for _name, data in files)


def _forget(token: str) -> None:
    """What was taken in is no longer needed where it was sent; where it cannot be removed now, the
    nightly sweep does.
    """
    try:
        direct.forget(token)
    except OSError:
        events.log(Event.INCOMING_KEPT)


def sniffed(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes, str]]:
    """Each file with its kind. All are looked at before the first is kept. Raises Unfit."""
    if not files:
        raise Unfit("none")
    _check_weight([len(data) for _name, data in files])
    return [(name, data, _sniffed(name, data, alone=len(files) == 1)) for name, data in files]


def _keep(
    case: Case, key: str, files: list[tuple[str, bytes]], *, by: User, sha256: str, internal: bool
) -> list[Document]:
    """Each file as it is, but several photographs as one PDF."""
    sent = sniffed(files)
    held = Document.objects.sent().filter(case=case).aggregate(n=Sum("file__size"))["n"] or 0
    if held + _size(files) > settings.CASE_MAX_BYTES:
        raise Unfit("full_case")
    photographs = [each for each in sent if each[2] in kinds.PICTURES]
    if len(photographs) > 1:
        stem = names.clean(photographs[0][0], cannot_draw.value).rpartition(".")[0] or "photos"
        pack = packs.packed([data for _name, data, _kind in photographs])
        sent = [each for each in sent if each[2] not in kinds.PICTURES]
        sent.append((f"{stem}.pdf", pack, kinds.PHOTOGRAPHS))
    return [
        receiving.receive(
            case,
            key=key,
            name=name,
            data=data,
            kind=kind,
            by=by,
            expected_sha256=sha256 if len(files) == 1 else "",
            internal=internal,
        )
        for name, data, kind in sent
    ]


class _OneOfSeveral(Unfit):
    """The file of this name is at fault, and the others were not kept either."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(code)
        self.name = names.clean(name, cannot_draw.value)


def _sniffed(name: str, data: bytes, *, alone: bool) -> str:
    """The kind of the file. Raises Unfit, naming the file where it is one of several."""
    try:
        return receiving.sniff(data)
    except Unfit as unfit:
        raise unfit if alone else _OneOfSeveral(unfit.code, name) from unfit


def _sentence(unfit: Unfit) -> str:
    why = refusals.sentence(unfit.code)
    if not isinstance(unfit, _OneOfSeveral):
        return why
    said = {"name": unfit.name, "why": why}
    return _("「%(name)s」：%(why)s（ほかのファイルもまだ届いていません）") % said

"""Making the whole of a case as a file: one volume to read, or everything as it is kept, packed."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from django.db import transaction
from django.utils.translation import override

from portal import clock, events, outage, sheets
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.ports import DossierPaper
from portal.documents import apart, store
from portal.documents.kinds import PDF, Unfit
from portal.events import Event
from portal.ui.templatetags import ui
from portal.workflow.door import defer, lock
from reports.dossiers import contents, volume
from reports.dossiers.contents import Piece
from reports.dossiers.models import KEPT, Dossier, capacities
from reports.papers import report

ZIP = "application/zip"
MOST = 300 * 1024 * 1024  # bytes of what is bound into one volume; the ZIP holds the rest too
HEAD = ("番号", "分類", "題名", "ファイル", "SHA-256", "備考")

NOT_BOUND = "このファイルは、PDFに綴じられない種類です。ZIPで原本をご覧ください。"
NOT_OPENED = "このファイルは、綴じ込むために開くことができませんでした。ZIPで原本をご覧ください。"
NOT_THERE = (
    "このファイルは、いま取り出せなかったため入っていません。時間をおいて、作り直してください。"
)
TOO_MUCH = "全体が大きくなりすぎるため、綴じ込んでいません。ZIPで原本をご覧ください。"


def may_have(person: User, case: Case) -> bool:
    """Whoever works on the case; reviewers and the applicant's side never have the whole."""
    return person.is_office and visibility.reads(person, case, visibility.WORKERS)


@transaction.atomic
def wanted(case: Case, person: User, form: str) -> Dossier:
    """The person's copy: the one that is current, or one that is made from now on."""
    lock([case])  # asked for twice at once, it is made once
    found = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("person", "file")
        .filter(case=case, person=person, form=form)
        .first()
    )
    if found is not None:
        found.case, found.person = case, person
        if found.is_current():
            return found
        _forget(found)
    made = Dossier.objects.create(
        case=case, person=person, form=form, capacities=capacities(person, case)
    )
    defer("make_dossier", dossier_id=made.pk)
    return made


def make(dossier: Dossier) -> None:
    """Make the file of a copy that was asked for; nothing where the person's right has ended."""
    if not dossier.is_being_made:
        return
    case, person = dossier.case, dossier.person
    seen = Case.objects.visible_to(person).filter(pk=case.pk).exists()
    if not (seen and may_have(person, case)):
        _forget(dossier)
        return
    with override("ja"), tempfile.TemporaryDirectory(prefix=apart.PREFIX) as name:
        folder = Path(name)
        pieces = contents.pieces(case, person)
        _begin(dossier, 1 + sum(1 + len(piece.papers) for piece in pieces))
        build, kind = (_bound, PDF) if dossier.form == "pdf" else (_packed, ZIP)
        build(dossier, pieces, folder)
        file = store.put_made(folder / "whole", kind, prefix="dossiers")
    dossier.file, dossier.made_at, dossier.done = file, clock.now(), dossier.steps
    if not Dossier.objects.filter(pk=dossier.pk).update(
        file=file, made_at=dossier.made_at, done=dossier.steps
    ):
        store.forget([file])  # forgotten meanwhile


def _begin(dossier: Dossier, steps: int) -> None:
    dossier.steps, dossier.done = steps, 0
    dossier.save(update_fields=["steps", "done"])


def _step(dossier: Dossier) -> None:
    dossier.done += 1
    Dossier.objects.filter(pk=dossier.pk).update(done=dossier.done)


def _bound(dossier: Dossier, pieces: Sequence[Piece], folder: Path) -> None:
    """One volume: each paper is made plain by a child, and one child sets all into the frames."""
    flat: dict[str, Path] = {}
    bound: dict[str, int | str] = {}
    left = MOST
    for piece in pieces:
        for paper in piece.papers:
            file = folder / f"{len(bound)}.pdf"
            bound[paper.key] = found = _flattened(paper, file)
            if isinstance(found, int):
                left -= file.stat().st_size
                flat[paper.key] = file
                if left < 0:
                    bound[paper.key] = TOO_MUCH
                    flat.pop(paper.key).unlink()
            _step(dossier)
        _step(dossier)
    case = dossier.case
    drawn = volume.draw(_cover(dossier), pieces, bound, number=case.number, made=_made(dossier))
    keys = list(flat)
    plan = [(keys.index(key), page, place) for key, page, place in drawn.frames]
    apart.filled(drawn.data, list(flat.values()), plan, folder / "whole")


def _flattened(paper: DossierPaper, to: Path) -> int | str:
    """How many pages were laid at `to`, or why none."""
    try:
        return apart.flattened(paper.make(), paper.content_type, to)
    except Unfit as unfit:
        return NOT_BOUND if unfit.code == "unbound" else NOT_OPENED
    except outage.AWAY:
        raise
    except Exception:  # whatever one paper does, the others are bound
        events.log(Event.ARCHIVE_INCOMPLETE, of=paper.key, fault=True)
        return NOT_THERE


def _cover(dossier: Dossier) -> list[tuple[str, str]]:
    case, person = dossier.case, dossier.person
    return [
        ("案件", case.number),
        ("申請者", case.organisation.name),
        ("制度", f"{case.programme_name}　{case.call_label}"),
        ("事業の名称", case.title or "―"),
        ("作成", f"{_made(dossier)}　{person.office}　{person.name}"),
        (
            "この写しについて",
            "作成した職員が役割により見ることのできるものだけを綴じています。"
            "原本はポータルに保存されています。取扱いに注意し、不要になったら廃棄してください。",
        ),
    ]


def _made(dossier: Dossier) -> str:
    return f"{ui.short_moment(dossier.asked_at)}現在"


def _packed(dossier: Dossier, pieces: Sequence[Piece], folder: Path) -> None:
    """Everything in the volume's order: what is written as papers, files as they are kept."""
    rows = []
    with zipfile.ZipFile(folder / "whole", "w", zipfile.ZIP_DEFLATED) as pack:

        def put(number: str, label: str, title: str, name: str, make: Callable[[], bytes]) -> None:
            try:
                data = make()
            except outage.AWAY:
                raise
            except Exception:  # whatever one file does, the others are handed out
                events.log(Event.ARCHIVE_INCOMPLETE, of=dossier.case, fault=True)
                rows.append((number, label, title, name, "", NOT_THERE))
                return
            pack.writestr(name, data)
            rows.append((number, label, title, name, hashlib.sha256(data).hexdigest(), ""))

        for n, piece in enumerate(pieces, 1):
            folder_name = f"{n:02}_{piece.label}"
            if piece.sections:
                put(
                    str(n), piece.label, piece.label, f"{folder_name}.pdf", _writing(dossier, piece)
                )
            _step(dossier)
            for k, paper in enumerate(piece.papers, 1):
                name = f"{folder_name}/{k:03}_{paper.name}"
                put(f"{n}-{k}", piece.label, paper.title, name, paper.make)
                _step(dossier)
        pack.writestr("00_目次.csv", sheets.csv_bytes([HEAD, *rows]))


def _writing(dossier: Dossier, piece: Piece) -> Callable[[], bytes]:
    lines = [f"{dossier.case.number}　{dossier.case.organisation.name}", _made(dossier)]
    facts: report.Facts = {
        "title": piece.label,
        "number": dossier.case.number,
        "lines": lines,
        "sections": cast("Sequence[report.Part]", piece.sections),
    }
    return lambda: report.draw(facts)


def fail(dossier_id: int) -> None:
    """It could not be made: the page says so, and it can be asked for again."""
    Dossier.objects.filter(pk=dossier_id, made_at=None).update(has_failed=True)


def forget_of(case: Case) -> None:
    for dossier in Dossier.objects.filter(case=case).select_related("file"):
        _forget(dossier)


def sweep() -> None:
    """Remove the copies whose day is over."""
    over = Dossier.objects.filter(asked_at__lt=clock.now() - KEPT)
    for dossier in over.select_related("file"):
        _forget(dossier)


@transaction.atomic
def _forget(dossier: Dossier) -> None:
    dossier.delete()
    if dossier.file is not None:
        store.forget([dossier.file])

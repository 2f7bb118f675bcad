"""Load the programme files of a folder: drafted by one person, approved by another.

Unchanged files are left alone.
"""

from pathlib import Path

from grants.programmes.mistakes import Mistake
from grants.programmes.models import Programme
from grants.programmes.parameters import Programme as Stated
from grants.programmes.parameters import read
from grants.programmes.states import ProgrammeState
from portal.accounts.models import User
from portal.workflow.door import begin, perform

DATA = Path(__file__).parent / "data"


def load_programmes(folder: Path, *, by: User, approved_by: User) -> list[str]:
    """One sentence per file.

    Raises Mistake (with the file's name in front of the reason) before anything is stored.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    stated = {}
    for name, text in texts.items():
        try:
            stated[name] = read(text)
        except Mistake as mistake:
            raise Mistake(mistake.line, f"{name}: {mistake.reason}") from mistake
    return [_load_one(stated[name], name, text, by, approved_by) for name, text in texts.items()]


def _load_one(stated: Stated, name: str, text: str, by: User, approved_by: User) -> str:
    present = Programme.objects.filter(code=stated.code, state=ProgrammeState.APPROVED).first()
    if (
        present is not None
        and present.text == text
        and present.stated.conditions == stated.conditions  # in a file beside the programme's
    ):
        return f"{name}: unchanged"
    draft = begin(Programme, by=by, text=text)
    perform(draft, "approve", by=approved_by)
    return f"{name}: revision {draft.revision}"

"""What this room fills in elsewhere."""

from django.core.checks import Tags
from django.core.checks import register as register_check

from portal.accounts.ports import taken_away
from portal.backups import checks_at_start, copying, erasures, takings
from portal.cases.ports import disposals
from portal.documents.ports import copies, forgotten


def register() -> None:
    disposals.add("backups", erasures.note_case)
    forgotten.add("backups", erasures.note_files)
    taken_away.add("backups", takings.note_taken)
    copies.add("backups", copying.beside_the_backups)
    register_check(checks_at_start.backups_have_a_place, Tags.security, deploy=True)

"""Where money comes from and goes to, as the bank file writes it."""

from django.conf import settings
from django.utils.translation import gettext as _

from grants.payments import zengin
from portal.registry.models import Branch
from portal.workflow.errors import NotReady


def branch_of(bank: str, branch: str) -> Branch | None:
    return Branch.objects.filter(bank_id=bank, code=branch).select_related("bank").first()


def place(bank: str, branch: str, kind: str, number: str, found: Branch | None) -> zengin.Place:
    """An account with its names, those of the branch that was `found`, as the bank file writes them.

    Raises NotReady when bank or branch no longer exists.
    """
    if found is None:
        text = _(
            "金融機関か支店が見つかりません（%(bank)s-%(branch)s）。統廃合のときは口座を直してもらってください。"
        )
        raise NotReady(text % {"bank": bank, "branch": branch})
    names = [
        zengin.letters(name, zengin.BANK_SIGNS | frozenset(".")).replace(".", " ")
        for name in (found.bank.kana, found.kana)
    ]
    return zengin.Place(bank, names[0], branch, names[1], kind, number)


def sender() -> zengin.Sender:
    """委託者 as settings name it. Raises NotReady where nothing is set."""
    said = settings.TRANSFER_SENDER
    if not said:
        raise NotReady(_("委託者の情報が設定されていません。システム管理にご連絡ください。"))
    home = place(
        said["bank"],
        said["branch"],
        said["kind"],
        said["number"],
        branch_of(said["bank"], said["branch"]),
    )
    return zengin.Sender(said["code"], zengin.letters(said["name"]), home)

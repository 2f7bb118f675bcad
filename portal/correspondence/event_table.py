"""The one table of mails, event → who → channel → text, as the page of the office shows it: gathered
from the `outgoing` modules of the rooms, each mail as it is sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.correspondence import mails
from portal.correspondence.kinds import OWN_KINDS
from portal.correspondence.models import Mail
from portal.types import Text
from portal.workflow.graph import LifeCycle
from portal.workflow.outgoing import Outgoing, Wording
from portal.workflow.ports import notice_kinds

# rooms in the order of a procedure, the office's own last
ROOMS: Mapping[str, Text] = {
    "grants.applications": _lazy("申請と補正"),
    "grants.programmes": _lazy("公募"),
    "grants.reviews": _lazy("審査"),
    "grants.awards": _lazy("交付の決定と変更"),
    "grants.seats": _lazy("受講"),
    "grants.completion": _lazy("実績報告"),
    "grants.payments": _lazy("請求と支払"),
    "grants.recovery": _lazy("返還"),
    "grants.followup": _lazy("事業のあとの報告"),
    "grants.fitting": _lazy("合う支援のお知らせ"),
    "grants.budget": _lazy("予算"),
    "startups.challenges": _lazy("行政課題"),
    "startups.matching": _lazy("マッチング"),
    "startups.pilots": _lazy("実証"),
    "startups.rollouts": _lazy("本格導入"),
    "startups.concierge": _lazy("相談"),
    "portal.correspondence": _lazy("連絡と期限"),
    "portal.notices": _lazy("通知書"),
    "portal.closures": _lazy("閉庁日"),
    "portal.firms": _lazy("事業者の確認"),
    "portal.accounts": _lazy("ログインと役割"),
    "portal.privacy": _lazy("個人情報の請求"),
    "portal.approvals": _lazy("起案と決裁"),
    "reports.disclosure": _lazy("公開請求"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """`paper`: the notice that goes out with it; `way`: whether its reader may have it otherwise than at
    once; `mail`: as it is sent, with names in brackets where values stand.
    """

    event: Text
    who: Text
    paper: Text
    way: Text
    mail: Mail


def rooms() -> list[tuple[str, Text]]:
    """(name, label) of each room that has mails."""
    known = {config.name for config in _configs()}
    return [(name, label) for name, label in ROOMS.items() if name in known]


def rows_of(room: str) -> list[Row]:
    """The mails of a room, in the language that is active. Raises KeyError for none."""
    config = {each.name: each for each in _configs()}[room]
    return [row for event, entry, model in _entries(config) for row in _rows(event, entry, model)]


def entries() -> list[tuple[str, Outgoing | Wording]]:
    """(where, entry) of every table of all rooms."""
    return [
        (f"{config.name} {event}", entry)
        for config in _configs()
        for event, entry, _model in _entries(config)
    ]


def _configs() -> list[AppConfig]:
    return [
        config
        for config in apps.get_app_configs()
        if isinstance(config.module, ModuleType)
        and config.name != "portal.workflow"
        and config.name.partition(".")[0] in ("portal", "grants", "startups", "reports")
        and module_has_submodule(config.module, "outgoing")
    ]


def _entries(
    config: AppConfig,
) -> Iterator[tuple[str, Outgoing | Wording, type[LifeCycle] | None]]:
    """(name of the event, entry, the life cycle it is a transition of) of a room."""
    owners = {
        id(model.OUTGOING): model for model in config.get_models() if issubclass(model, LifeCycle)
    }
    for name, entry in vars(import_module(f"{config.name}.outgoing")).items():
        if not name.isupper():
            continue
        items = entry.items() if isinstance(entry, dict) else [(name, entry)]
        for event, told in items:
            if isinstance(told, Outgoing | Wording):
                yield str(event), told, owners.get(id(entry))


def _rows(event: str, entry: Outgoing | Wording, model: type[LifeCycle] | None) -> Iterator[Row]:
    if isinstance(entry, Wording):
        yield Row(
            event=str(entry.subject) % mails.SPECIMEN,
            who=_("本文の用件にあたる方、一人ひとり"),
            paper="",
            way=_("いつも、そのつど"),
            mail=mails.specimen(entry, ""),
        )
        return
    has_case = model is None or hasattr(model, "case")
    for side, words in entry.mails:
        label = (
            model.specs()[event].label if model is not None else str(words.subject) % mails.SPECIMEN
        )
        is_firm = side == "applicant"
        yield Row(
            event=label,
            who=_who(side, has_case=has_case),
            paper=notice_kinds[entry.paper].label if entry.paper and is_firm else "",
            way=_way(words) if is_firm else _("まとめることを選んだ職員には、開庁日の朝"),
            mail=mails.specimen(words, side if has_case else ""),
        )


def _who(side: str, *, has_case: bool) -> Text:
    if side == "office":
        return _("担当の職員")
    if has_case:
        return _("事業者の手続きをする方、代理人、申請書の担当者")
    return _("相談した方、お知らせを受け取っている方など")


def _way(words: Wording) -> Text:
    if not words.kind:
        return _("いつも、そのつど")
    return _("選べます：%(kind)s") % {"kind": OWN_KINDS[words.kind].label}

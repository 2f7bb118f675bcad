"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.followup import acts, filing, pages
from portal import ports
from portal.cases import visibility


def register() -> None:
    ports.keep_until.add("followup", pages.keep_until)
    blank = {"typed": {}, "content": {}, "checked": {}, "return_reason": ""}
    ports.erasures.add("grants_followup.Filing", ("case", blank))
    ports.erasures.add(
        "grants_followup.Asset", ("award__case", {"model": "", "place": "", "note": ""})
    )
    ports.erasures.add("grants_followup.Dismissal", ("case", {"reason": ""}))
    ports.public_actions.add("followup", ("filing.", "asset."))
    acts.register()
    ports.loaders.add("filing", pages.load)
    ports.turn_sources.add("followup", pages.SOURCE)
    ports.later_life.add("followup", pages.later)
    ports.money_fixed.add("followup", filing.register)
    ports.case_panels.add(
        "followup",
        ports.Panel(
            "grants/followup/panel.html",
            pages.panel,
            anchor="followup",
            label=_lazy("事後の報告"),
            readers=visibility.WORKERS,
        ),
    )
    ports.case_panels.add(
        "signals",
        ports.Panel(
            "grants/followup/signals.html",
            pages.watched,
            "office",
            "signals",
            _lazy("気づき"),
            readers=visibility.WATCHERS,
        ),
    )

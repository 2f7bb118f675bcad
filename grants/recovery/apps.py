from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.recovery"
    label = "grants_recovery"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from grants.recovery import acts, models, pages, rehearsal
        from portal import ports

        acts.register()
        ports.forms.add("instalments", pages.InstalmentForm)
        ports.loaders.add("recovery", pages.load)
        ports.turn_sources.add("recovery", pages.turns_of)
        ports.later_life.add("recovery", pages.later)
        ports.simulate_steps.add("recovery", rehearsal.run)
        ports.money_returned.add("recovery", models.returned)
        ports.case_panels.add(
            "recovery", ports.Panel("grants/recovery/panel.html", pages.panel, anchor="recovery", label=_("返還"))
        )

from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.notices"
    label = "portal_notices"

    def ready(self) -> None:
        from portal import ports
        from portal.notices.issue import empty, issue, load

        ports.disposals.add("notices", empty)
        ports.issue_notice.add("notices", issue)
        ports.loaders.add("notice", load)

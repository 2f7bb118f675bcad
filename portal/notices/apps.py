from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.notices"
    label = "portal_notices"

    def ready(self) -> None:
        from portal import ports
        from portal.notices.issue import issue, load

        ports.issue_notice.add("notice", issue)
        ports.loaders.add("notice", load)

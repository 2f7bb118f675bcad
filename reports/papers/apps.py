from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.papers"
    label = "reports_papers"

    def ready(self) -> None:
        from portal import ports
        from reports.papers import archive, notice, report

        ports.notice_drawers.add("paper", notice.draw)
        ports.notice_drawers.add("report", report.draw)
        ports.case_files.add("answers", archive.answers)
        ports.case_files.add("notices", archive.notices)

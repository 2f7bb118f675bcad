from django.urls import path

from reports.statistics.views import downloads, live, office, public

urlpatterns = [
    path("statistics/", public.dashboard, name="statistics"),
    path("statistics/method/", public.method, name="statistics_method"),
    path("statistics/releases/", public.releases, name="release_list"),
    path("statistics/releases/<slug:number>/", public.release_page, name="release"),
    path("statistics/releases/<slug:number>/report.pdf", downloads.report, name="release_report"),
    path(
        "statistics/releases/<slug:number>/tables/<slug:name>.<slug:ending>",
        downloads.table,
        name="release_table",
    ),
    path(
        "statistics/releases/<slug:number>/charts/<slug:name>.<slug:ending>",
        downloads.chart,
        name="release_chart",
    ),
    path("staff/statistics/", live.live, name="statistics_live"),
    path("staff/statistics/figures.csv", live.figures, name="statistics_live_csv"),
    path("staff/statistics/figures.xlsx", live.workbook, name="statistics_live_xlsx"),
    path("staff/statistics/releases/", office.desk, name="release_desk"),
    path("staff/statistics/releases/<slug:number>/", office.page, name="release_staff"),
    path(
        "staff/statistics/releases/<slug:number>/preview/", office.preview, name="release_preview"
    ),
    path(
        "staff/statistics/releases/<slug:number>/report.pdf",
        office.report,
        name="release_draft_report",
    ),
]

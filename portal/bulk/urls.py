from django.urls import path

from portal.bulk import views

urlpatterns = [
    path("cases/bulk/", views.begin, name="case_bulk"),
    path("cases/bulk/<int:pk>/", views.page, name="bulk"),
    path("cases/bulk/<int:pk>/report.csv", views.report, name="bulk_report"),
]

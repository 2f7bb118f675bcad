from django.urls import path

from grants.backtest import views

urlpatterns = [
    path("staff/sketches/<int:pk>/past/", views.of_sketch, name="sketch_past"),
    path("staff/sketches/<int:pk>/past.csv", views.of_sketch_csv, name="sketch_past_csv"),
    path("staff/sketches/<int:pk>/past.xlsx", views.of_sketch_xlsx, name="sketch_past_xlsx"),
    path("staff/programmes/<int:pk>/past/", views.of_revision, name="programme_past"),
    path("staff/programmes/<int:pk>/past.csv", views.of_revision_csv, name="programme_past_csv"),
    path("staff/programmes/<int:pk>/past.xlsx", views.of_revision_xlsx, name="programme_past_xlsx"),
]

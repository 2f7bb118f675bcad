from django.urls import path

from portal.workflow import record_views, views

urlpatterns = [
    path("staff/jobs/", views.failed_jobs, name="failed_jobs"),
    path("staff/jobs/<int:pk>/again/", views.failed_job_again, name="failed_job_again"),
    path("staff/record/", record_views.record, name="record"),
    path("staff/record/verify/", record_views.record_verify, name="record_verify"),
]

from django.urls import path

from portal.workflow import views

urlpatterns = [
    path("staff/jobs/", views.failed_jobs, name="failed_jobs"),
    path("staff/jobs/<int:pk>/again/", views.failed_job_again, name="failed_job_again"),
]

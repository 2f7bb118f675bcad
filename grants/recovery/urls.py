from django.urls import path

from grants.recovery import pages

urlpatterns = [path("recoveries/<int:pk>/receive/", pages.receive, name="recovery_receive")]

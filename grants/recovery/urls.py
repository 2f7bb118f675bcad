from django.urls import path

from grants.recovery import views

urlpatterns = [path("recoveries/<int:pk>/receive/", views.receive, name="recovery_receive")]

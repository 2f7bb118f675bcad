from django.urls import path

from portal.health import views

urlpatterns = [
    path("live", views.live, name="health_live"),
    path("ready", views.ready, name="health_ready"),
    path("metrics", views.metrics_page, name="health_metrics"),
    path("whole", views.whole, name="health_whole"),
]

from django.urls import path

from startups.matching import views

urlpatterns = [path("cases/<str:number>/matches/start/", views.start, name="match_start")]

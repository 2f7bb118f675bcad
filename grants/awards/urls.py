from django.urls import path

from grants.awards import assessing_views, views

urlpatterns = [
    path("cases/<str:number>/change/", views.change, name="change_new"),
    path("cases/<str:number>/assessment/", assessing_views.assessment, name="cost_assessment"),
    path("cases/<str:number>/registered-name/", views.adopt_name, name="adopt_name"),
]

from django.urls import path

from grants.awards import views

urlpatterns = [
    path("cases/<str:number>/change/", views.change, name="change_new"),
    path("cases/<str:number>/registered-name/", views.adopt_name, name="adopt_name"),
]

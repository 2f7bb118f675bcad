from django.urls import path

from grants.awards import views

urlpatterns = [path("cases/<str:number>/change/", views.change, name="change_new")]

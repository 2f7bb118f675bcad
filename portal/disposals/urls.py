from django.urls import path

from portal.disposals import views

urlpatterns = [
    path("staff/disposals/", views.disposal_list, name="disposal_list"),
    path("staff/disposals/register/", views.disposal_register, name="disposal_register"),
    path("staff/disposals/register.csv", views.disposal_csv, name="disposal_csv"),
]

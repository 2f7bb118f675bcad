from django.urls import path

from startups.concierge import views

urlpatterns = [
    path("offers/", views.offers, name="offers"),
    path("consult/", views.own, name="consultation_own"),
    path("consult/new/", views.new, name="consultation_new"),
    path("consult/<slug:number>/", views.consultation, name="consultation"),
    path("consult/<slug:number>/show/", views.show, name="consultation_show"),
    path("staff/consult/", views.desk, name="consultation_desk"),
]

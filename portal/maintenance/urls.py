from django.urls import path

from portal.maintenance import views

urlpatterns = [
    path("staff/maintenance/", views.maintenance_list, name="maintenance_list"),
    path("staff/maintenance/new/", views.maintenance_new, name="maintenance_new"),
    path(
        "staff/maintenance/<int:pk>/call-off/",
        views.maintenance_call_off,
        name="maintenance_call_off",
    ),
]

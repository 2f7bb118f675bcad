from django.urls import path

from portal.closures import views

urlpatterns = [
    path("staff/closures/", views.closure_list, name="closure_list"),
    path("staff/closures/new/", views.closure_new, name="closure_new"),
    path("staff/closures/<int:pk>/", views.closure_page, name="closure"),
    path("staff/closures/<int:pk>/confirm/", views.closure_confirm, name="closure_confirm"),
    path("staff/closures/<int:pk>/take-back/", views.closure_take_back, name="closure_take_back"),
]

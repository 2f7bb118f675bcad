from django.urls import path

from portal.privacy import views

urlpatterns = [
    path("my-data/requests/", views.data_request_new, name="data_request_new"),
    path("my-data/requests/<str:number>/", views.data_request, name="data_request"),
    path(
        "my-data/requests/<str:number>/letter.pdf",
        views.data_request_letter,
        name="data_request_letter",
    ),
    path("staff/data-requests/", views.data_request_desk, name="data_request_desk"),
    path("staff/data-requests/new/", views.data_request_enter, name="data_request_enter"),
    path("staff/data-requests/<str:number>/", views.data_request_staff, name="data_request_staff"),
]

from django.urls import path

from grants.seats import views

urlpatterns = [
    path("staff/calls/<int:pk>/course/", views.course, name="course"),
    path("staff/calls/<int:pk>/course/<int:n>/", views.attendance, name="attendance"),
    path("cases/<str:number>/survey/<int:pk>/", views.survey, name="survey"),
]

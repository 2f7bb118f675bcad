from django.urls import path

from portal.notices import views

urlpatterns = [
    path("notices/<int:pk>.pdf", views.paper, name="notice_paper"),
    path("verify/", views.verify, name="notice_verify"),
    path("verify/<str:code>/", views.twin, name="notice_twin"),
]

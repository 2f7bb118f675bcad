from django.urls import path

from grants.fitting import views

urlpatterns = [
    path("organisations/<int:pk>/fitting/", views.fitting, name="fitting"),
    path("organisations/<int:pk>/fitting/aims/", views.fitting_aims, name="fitting_aims"),
    path(
        "organisations/<int:pk>/fitting/<slug:code>/hide/", views.fitting_hide, name="fitting_hide"
    ),
    path(
        "organisations/<int:pk>/fitting/<slug:code>/take-back/",
        views.fitting_take_back,
        name="fitting_take_back",
    ),
    path(
        "organisations/<int:pk>/fitting/<slug:code>/remind/",
        views.fitting_remind,
        name="fitting_remind",
    ),
    path("my/searches/", views.search_list, name="search_list"),
    path("my/searches/keep/", views.search_keep, name="search_keep"),
    path("my/searches/<int:pk>/remove/", views.search_remove, name="search_remove"),
]

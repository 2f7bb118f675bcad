from django.urls import path

from grants.reviews import views

urlpatterns = [
    path("reviews/", views.review_list, name="review_list"),
    path("reviews/<int:pk>/", views.review_page, name="review"),
    path("staff/calls/<int:pk>/convene/", views.convene, name="convene"),
    path("staff/calls/<int:pk>/ranking/", views.ranking, name="ranking"),
]

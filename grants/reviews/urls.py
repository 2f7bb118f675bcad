from django.urls import path

from grants.reviews import record_views, scoring, views

urlpatterns = [
    path("reviews/", views.review_list, name="review_list"),
    path("reviews/<int:pk>/", scoring.page, name="review"),
    path("reviews/<int:pk>/autosave/", scoring.autosave, name="review_autosave"),
    path("staff/calls/<int:pk>/convene/", views.convene, name="convene"),
    path("staff/calls/<int:pk>/ranking/", views.ranking, name="ranking"),
    path("staff/selections/<int:pk>/", record_views.page, name="selection_record"),
    path("staff/selections/<int:pk>/pdf/", record_views.pdf, name="selection_record_pdf"),
]

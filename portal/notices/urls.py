from django.urls import path

from portal.notices import letterhead_views, posting_views, views

urlpatterns = [
    path("notices/<int:pk>.pdf", views.paper, name="notice_paper"),
    path("staff/notices/post/", posting_views.notices_to_post, name="notices_to_post"),
    path("staff/notices/posted/", posting_views.notices_posted, name="notices_posted"),
    path("staff/letterheads/", letterhead_views.letterhead_list, name="letterhead_list"),
    path("staff/letterheads/<str:code>/", letterhead_views.letterhead_edit, name="letterhead_edit"),
    path(
        "staff/letterheads/<int:pk>/confirm/",
        letterhead_views.letterhead_confirm,
        name="letterhead_confirm",
    ),
    path(
        "staff/letterheads/<int:pk>/take-back/",
        letterhead_views.letterhead_take_back,
        name="letterhead_take_back",
    ),
    path("verify/", views.verify, name="notice_verify"),
    path("verify/<str:code>/", views.twin, name="notice_twin"),
]

from django.urls import path

from startups.challenges import staff_views, views

urlpatterns = [
    path("challenges/", views.challenge_list, name="challenge_list"),
    path("challenges/<slug:number>/", views.challenge, name="challenge"),
    path("challenges/<slug:number>/dates.ics", views.calendar, name="challenge_calendar"),
    path("challenges/<slug:number>/follow/", views.follow, name="challenge_follow"),
    path("challenges/<slug:number>/ask/", views.ask, name="challenge_ask"),
    path("staff/challenges/", staff_views.desk, name="challenge_desk"),
    path("staff/challenges/new/", staff_views.new, name="challenge_new"),
    path("staff/challenges/<slug:number>/", staff_views.challenge, name="challenge_staff"),
    path("staff/challenges/<slug:number>/edit/", staff_views.edit, name="challenge_edit"),
    path("staff/challenges/<slug:number>/comment/", staff_views.comment, name="challenge_comment"),
    path(
        "staff/challenges/<slug:number>/questions/<int:pk>/",
        staff_views.answer,
        name="challenge_answer",
    ),
]

from django.urls import path

from grants.programmes import (
    about,
    feeds,
    new_views,
    outage_views,
    sketch_file_views,
    sketch_views,
    views,
    word_views,
    wording_views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("programmes/", views.call_list, name="call_list"),
    path("programmes/feed.atom", feeds.call_feed, name="call_feed"),
    path("programmes/feed/<slug:topic>.atom", feeds.call_feed_topic, name="call_feed_topic"),
    path("programmes/<slug:code>/", views.call_page, name="call"),
    path("programmes/<slug:code>/check/", views.check, name="call_check"),
    path("programmes/<slug:code>/money/", views.money, name="call_money"),
    path("programmes/<slug:code>/easy/", views.easy, name="call_easy"),
    path(
        "programmes/<slug:code>/guideline/<int:revision>/",
        views.guideline_page,
        name="call_guideline",
    ),
    path("programmes/<slug:code>/deadline.ics", views.calendar, name="call_calendar"),
    path("about/contact/", about.contact, name="contact"),
    path("about/<slug:page>/", about.about, name="about"),
    path("seals/", views.seals, name="seals"),
    path("staff/words/", word_views.word_list, name="word_list"),
    path("staff/words/<int:pk>/remove/", word_views.word_remove, name="word_remove"),
    path("staff/programmes/", views.programme_list, name="programme_list"),
    path("staff/programmes/new/", new_views.programme_empty, name="programme_empty"),
    path("staff/programmes/<int:pk>/", views.programme_page, name="programme_page"),
    path("staff/programmes/<int:pk>/edit/", views.programme_edit, name="programme_edit"),
    path("staff/programmes/<int:pk>/new/", new_views.programme_new, name="programme_new"),
    path("staff/programmes/<int:pk>/sketch/", sketch_views.sketch_begin, name="sketch_begin"),
    path("staff/sketches/<int:pk>/", sketch_views.sketch_page, name="sketch"),
    path(
        "staff/sketches/<int:pk>/parts/<slug:part>/", sketch_views.sketch_part, name="sketch_part"
    ),
    path(
        "staff/sketches/<int:pk>/rows/<slug:rows>/<int:n>/",
        sketch_views.sketch_row,
        name="sketch_row",
    ),
    path(
        "staff/sketches/<int:pk>/rows/<slug:rows>/<int:n>/move/",
        sketch_views.sketch_row_move,
        name="sketch_row_move",
    ),
    path("staff/sketches/<int:pk>/example/", sketch_views.sketch_example, name="sketch_example"),
    path("staff/sketches/<int:pk>/file/", sketch_file_views.sketch_file, name="sketch_file"),
    path(
        "staff/sketches/<int:pk>/file/sketch.toml",
        sketch_file_views.sketch_download,
        name="sketch_download",
    ),
    path(
        "staff/programmes/<int:pk>/papers/<slug:paper>/",
        wording_views.wording,
        name="programme_wording",
    ),
    path(
        "staff/programmes/<int:pk>/papers/<slug:paper>/specimen.pdf",
        wording_views.specimen,
        name="programme_specimen",
    ),
    path("staff/outages/", outage_views.outage_list, name="outage_list"),
    path("staff/outages/new/", outage_views.outage_new, name="outage_new"),
    path("staff/outages/<int:pk>/", outage_views.outage_page, name="outage"),
    path("staff/outages/<int:pk>/confirm/", outage_views.outage_confirm, name="outage_confirm"),
    path(
        "staff/outages/<int:pk>/take-back/",
        outage_views.outage_take_back,
        name="outage_take_back",
    ),
    path("staff/calls/<int:pk>/", views.call_staff, name="call_staff"),
    path("staff/calls/<int:pk>/end/", views.call_end, name="call_end"),
    path("staff/calls/<int:pk>/amend/", views.call_amend, name="call_amend"),
]

from django.urls import path

from portal.correspondence import calendar_views, event_views, stop_views, unreached_views, views

urlpatterns = [
    path("cases/<str:number>/messages/", views.write, name="message_write"),
    path("staff/mails/", views.mail_settings, name="mail_settings"),
    path("my/mails/", views.news_settings, name="news_settings"),
    path("staff/mails/events/", event_views.mail_events, name="mail_events"),
    path("staff/mails/unreached/", unreached_views.unreached_list, name="unreached_list"),
    path("mails/<int:pk>/settle/", unreached_views.mail_settle, name="mail_settle"),
    path("mails/stop/<str:said>/", stop_views.mails_stop, name="mails_stop"),
    path("my/calendar/", calendar_views.own_calendar_page, name="own_calendar"),
    path("my/calendar/renew/", calendar_views.own_calendar_renew, name="own_calendar_renew"),
    path("my/calendar/stop/", calendar_views.own_calendar_stop, name="own_calendar_stop"),
    path("calendar/<str:secret>.ics", calendar_views.own_calendar_file, name="own_calendar_file"),
]

from django.urls import path

from portal.correspondence import calendar_views, views

urlpatterns = [
    path("cases/<str:number>/messages/", views.write, name="message_write"),
    path("staff/mails/", views.mail_settings, name="mail_settings"),
    path("my/mails/", views.news_settings, name="news_settings"),
    path("my/calendar/", calendar_views.own_calendar_page, name="own_calendar"),
    path("my/calendar/renew/", calendar_views.own_calendar_renew, name="own_calendar_renew"),
    path("my/calendar/stop/", calendar_views.own_calendar_stop, name="own_calendar_stop"),
    path("calendar/<str:secret>.ics", calendar_views.own_calendar_file, name="own_calendar_file"),
]

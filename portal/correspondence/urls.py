from django.urls import path

from portal.correspondence import views

urlpatterns = [
    path("cases/<str:number>/messages/", views.write, name="message_write"),
    path("staff/mails/", views.mail_settings, name="mail_settings"),
    path("my/mails/", views.news_settings, name="news_settings"),
]

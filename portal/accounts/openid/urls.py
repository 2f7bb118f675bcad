"""Asked for by the library, which looks beside the provider; the names are those it leads to."""

from django.urls import path

from portal.accounts.openid import views

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]

from django.urls import path

from portal.accounts import (
    absence_views,
    duty_exception_views,
    factor_views,
    invitation_views,
    lost_factor_views,
    own_data_views,
    staff_views,
    views,
)

urlpatterns = [
    path("organisations/new/", views.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", views.organisation_page, name="organisation"),
    path("organisations/<int:pk>/invite/", invitation_views.invite, name="organisation_invite"),
    path(
        "organisations/<int:pk>/invitations/<int:invitation>/take-back/",
        invitation_views.take_back,
        name="invitation_take_back",
    ),
    path("invitations/<str:secret>/", invitation_views.invitation, name="invitation"),
    path("invitations/<str:secret>/accept/", invitation_views.accept, name="invitation_accept"),
    path("desk/", views.desk, name="desk"),
    path("sign-ins/", views.sign_ins, name="sign_ins"),
    path("sign-ins/open/<str:secret>/", views.sign_in_open, name="sign_in_open"),
    path("my-data/", own_data_views.own_data_page, name="own_data"),
    path("my-data/copy.json", own_data_views.own_data_copy, name="own_data_copy"),
    path("second-factor/", views.second_factor_needed, name="second_factor_needed"),
    path("second-factor/now/", factor_views.second_factor_now, name="second_factor_now"),
    path("second-factor/offer/", factor_views.second_factor_offer, name="second_factor_offer"),
    path("second-factor/stop/<str:secret>/", lost_factor_views.stop, name="factor_removal_stop"),
    path("demo/", views.demo_sign_in, name="demo"),
    path("demo/progress/", views.demo_progress, name="demo_progress"),
    path("staff/roles/", staff_views.role_list, name="role_list"),
    path("staff/roles/<int:pk>/end/", staff_views.role_end, name="role_end"),
    path("staff/roles/proposals/<int:pk>/confirm/", staff_views.role_confirm, name="role_confirm"),
    path(
        "staff/roles/proposals/<int:pk>/take-back/",
        staff_views.role_take_back,
        name="role_take_back",
    ),
    path("staff/roles/hand-over/", staff_views.hand_over, name="role_hand_over"),
    path("staff/absences/", absence_views.absence_list, name="absence_list"),
    path("staff/absences/<int:pk>/end/", absence_views.absence_end, name="absence_end"),
    path("staff/deputies/", absence_views.deputy_list, name="deputy_list"),
    path("staff/deputies/<int:pk>/confirm/", absence_views.deputy_confirm, name="deputy_confirm"),
    path("staff/deputies/<int:pk>/end/", absence_views.deputy_end, name="deputy_end"),
    path(
        "staff/duty-exceptions/",
        duty_exception_views.duty_exception_list,
        name="duty_exceptions",
    ),
    path(
        "staff/duty-exceptions/<int:pk>/confirm/",
        duty_exception_views.duty_exception_confirm,
        name="duty_exception_confirm",
    ),
    path(
        "staff/duty-exceptions/<int:pk>/take-back/",
        duty_exception_views.duty_exception_take_back,
        name="duty_exception_take_back",
    ),
    path(
        "staff/duty-exceptions/<int:pk>/end/",
        duty_exception_views.duty_exception_end,
        name="duty_exception_end",
    ),
    path("staff/sessions/", staff_views.sessions_end, name="sessions_end"),
    path("staff/factors/", lost_factor_views.removals, name="factor_removals"),
    path(
        "staff/factors/<int:pk>/confirm/", lost_factor_views.confirm, name="factor_removal_confirm"
    ),
    path(
        "staff/factors/<int:pk>/take-back/",
        lost_factor_views.take_back,
        name="factor_removal_take_back",
    ),
    path("staff/new/", staff_views.staff_new, name="staff_new"),
]

from django.urls import path

from portal.firms import parting_views, staff_views, views

urlpatterns = [
    path("organisations/<int:pk>/proof/", views.proof, name="firm_proof"),
    path("organisations/<int:pk>/number/", views.number, name="firm_number"),
    path(
        "organisations/<int:pk>/members/<int:membership>/end/",
        parting_views.membership_end,
        name="membership_end",
    ),
    path(
        "organisations/<int:pk>/delegations/<int:delegation>/end/",
        parting_views.delegation_end,
        name="delegation_end",
    ),
    path("organisations/claims/<int:pk>/answer/", views.answer, name="firm_claim_answer"),
    path("organisations/claims/new/", views.claim_new, name="firm_claim_new"),
    path("organisations/claims/<int:pk>/", views.claim, name="firm_claim"),
    path("organisations/claims/<int:pk>/withdraw/", views.withdraw, name="firm_claim_withdraw"),
    path(
        "organisations/claims/passings/<int:pk>/object/",
        views.passing_object,
        name="firm_passing_object",
    ),
    path("staff/firms/", staff_views.desk, name="firm_desk"),
    path("staff/firms/letters/print/", staff_views.letters_print, name="firm_letters_print"),
    path("staff/firms/letters/posted/", staff_views.letters_posted, name="firm_letters_posted"),
    path("staff/firms/letters/drop/", staff_views.letters_drop, name="firm_letters_drop"),
    path(
        "staff/firms/<int:pk>/members/<int:member>/letter/",
        staff_views.factor_letter,
        name="firm_factor_letter",
    ),
    path("staff/firms/<int:pk>/", staff_views.firm, name="firm_staff"),
    path("staff/firms/<int:pk>/namesakes/<int:other>/", staff_views.namesake, name="firm_namesake"),
    path("staff/firms/claims/<int:pk>/", staff_views.claim, name="firm_claim_staff"),
    path(
        "staff/firms/passings/<int:pk>/confirm/",
        staff_views.passing_confirm,
        name="firm_passing_confirm",
    ),
    path(
        "staff/firms/passings/<int:pk>/take-back/",
        staff_views.passing_take_back,
        name="firm_passing_take_back",
    ),
]

from django.urls import path

from portal.approvals import attaching, drafting, handed_out, letters, revising, rule_views, views

urlpatterns = [
    path("approvals/", views.approval_list, name="approval_list"),
    path("approvals/new/", drafting.draft, name="approval_draft"),
    path("approvals/rules/", rule_views.rule_list, name="rule_list"),
    path("approvals/rules/<str:code>/", rule_views.rule_edit, name="rule_edit"),
    path(
        "approvals/rules/proposals/<int:pk>/confirm/", rule_views.rule_confirm, name="rule_confirm"
    ),
    path(
        "approvals/rules/proposals/<int:pk>/take-back/",
        rule_views.rule_take_back,
        name="rule_take_back",
    ),
    path("approvals/<int:pk>/", views.approval_page, name="approval"),
    path("approvals/<int:pk>/document.pdf", views.document, name="approval_document"),
    path("approvals/<int:pk>/attachments/", attaching.attach, name="approval_attach"),
    path("approvals/<int:pk>/attachments/<int:key>/", attaching.viewer, name="approval_attachment"),
    path(
        "approvals/<int:pk>/attachments/<int:key>/original",
        attaching.original,
        name="approval_attachment_original",
    ),
    path(
        "approvals/<int:pk>/attachments/<int:key>/pages/<int:page>.png",
        attaching.page_image,
        name="approval_attachment_page",
    ),
    path(
        "approvals/<int:pk>/attachments/<int:key>/remove/",
        attaching.detach,
        name="approval_detach",
    ),
    path("approvals/<int:pk>/rows.csv", handed_out.export, name="approval_rows_csv"),
    path("approvals/<int:pk>/rows.xlsx", handed_out.workbook, name="approval_rows_xlsx"),
    path("approvals/<int:pk>/letters/", letters.letter_list, name="approval_letters"),
    path("approvals/<int:pk>/letters/<int:n>/", letters.letter, name="approval_letter"),
    path(
        "approvals/<int:pk>/letters/<int:n>-<int:k>.pdf",
        letters.letter_paper,
        name="approval_letter_paper",
    ),
    path("approvals/<int:pk>/look/", views.look_over, name="approval_look_over"),
    path("approvals/<int:pk>/edit/", revising.edit, name="approval_edit"),
]

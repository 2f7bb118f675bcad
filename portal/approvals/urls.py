from django.urls import path

from portal.approvals import drafting, views

urlpatterns = [
    path("approvals/", views.approval_list, name="approval_list"),
    path("approvals/new/", drafting.draft, name="approval_draft"),
    path("approvals/<int:pk>/", views.approval_page, name="approval"),
    path("approvals/<int:pk>/document.pdf", views.document, name="approval_document"),
    path("approvals/<int:pk>/edit/", drafting.edit, name="approval_edit"),
]

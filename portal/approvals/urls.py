from django.urls import path

from portal.approvals import views

urlpatterns = [
    path("approvals/", views.approval_list, name="approval_list"),
    path("approvals/new/", views.draft, name="approval_draft"),
    path("approvals/<int:pk>/", views.approval_page, name="approval"),
]

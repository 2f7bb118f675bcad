from django.urls import path

from portal.documents import views

urlpatterns = [
    path("documents/<int:pk>/", views.viewer, name="document"),
    path("documents/<int:pk>/original", views.original, name="document_original"),
    path("documents/<int:pk>/pages/<int:page>.png", views.page_image, name="document_page"),
    path("cases/<str:number>/uploads/", views.ticket, name="upload_ticket"),
]

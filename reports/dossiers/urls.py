from django.urls import path

from reports.dossiers import views

urlpatterns = [
    path("cases/<str:number>/dossier/", views.page, name="dossier"),
    path("cases/<str:number>/dossier/<str:form>/", views.file, name="dossier_file"),
]

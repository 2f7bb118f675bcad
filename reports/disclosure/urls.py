from django.urls import path

from reports.disclosure import views

urlpatterns = [
    path("disclosures/", views.desk, name="disclosure_desk"),
    path("cases/<str:number>/disclosures/", views.of_case, name="case_disclosures"),
    path("disclosures/<slug:number>/", views.page, name="disclosure"),
    path("disclosures/<slug:number>/lines/<int:n>/", views.line, name="disclosure_line"),
    path("disclosures/<slug:number>/copy.pdf", views.copy, name="disclosure_copy"),
]

from django.urls import path

from reports.disclosure import ground_views, sheet_views, views

urlpatterns = [
    path("disclosures/grounds/", ground_views.ground_list, name="ground_list"),
    path("disclosures/grounds/<str:code>/", ground_views.ground_edit, name="ground_edit"),
    path(
        "disclosures/grounds/<int:pk>/confirm/",
        ground_views.ground_confirm,
        name="ground_confirm",
    ),
    path(
        "disclosures/grounds/<int:pk>/take-back/",
        ground_views.ground_take_back,
        name="ground_take_back",
    ),
    path("disclosures/", views.desk, name="disclosure_desk"),
    path("cases/<str:number>/disclosures/", views.of_case, name="case_disclosures"),
    path("disclosures/<slug:number>/", views.page, name="disclosure"),
    path("disclosures/<slug:number>/parts/", views.choose, name="disclosure_parts"),
    path("disclosures/<slug:number>/lines/<int:n>/", views.line, name="disclosure_line"),
    path(
        "disclosures/<slug:number>/files/<int:n>/pages/<int:page>/",
        sheet_views.sheet,
        name="disclosure_sheet",
    ),
    path(
        "disclosures/<slug:number>/files/<int:n>/pages/<int:page>.png",
        sheet_views.picture,
        name="disclosure_picture",
    ),
    path("disclosures/<slug:number>/preview/", views.preview, name="disclosure_preview"),
    path("disclosures/<slug:number>/copy.pdf", views.copy, name="disclosure_copy"),
]

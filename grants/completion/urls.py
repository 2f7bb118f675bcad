from django.urls import path

from grants.completion import inspecting, views

urlpatterns = [
    path("cases/<str:number>/report/start/", views.start, name="completion_start"),
    path("cases/<str:number>/report/", views.page, name="completion"),
    path("cases/<str:number>/report/autosave/", views.autosave, name="completion_autosave"),
    path("cases/<str:number>/report/paste/", views.paste_items, name="completion_paste"),
    path("cases/<str:number>/report/items.xlsx", views.workbook, name="completion_workbook"),
    path("cases/<str:number>/report/documents/", views.documents, name="completion_documents"),
    path(
        "cases/<str:number>/report/documents/<int:pk>/remove/",
        views.document_remove,
        name="completion_document_remove",
    ),
    path("cases/<str:number>/report/extension/", views.extension_ask, name="completion_extension"),
    path("cases/<str:number>/report/review/", views.review, name="completion_review"),
    path("cases/<str:number>/report/cuts/<slug:key>/", views.cut, name="completion_cut"),
    path("cases/<str:number>/report/cuts/<int:pk>/anew/", views.recut, name="completion_recut"),
    path("cases/<str:number>/report/inspection/", inspecting.page, name="inspection"),
    path(
        "cases/<str:number>/report/inspection/autosave/",
        inspecting.autosave,
        name="inspection_autosave",
    ),
    path(
        "cases/<str:number>/report/inspection/<int:pk>/remove/",
        inspecting.remove,
        name="inspection_remove",
    ),
    path("cases/<str:number>/report/uncut/<int:pk>/", views.uncut, name="completion_uncut"),
]

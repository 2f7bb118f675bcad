from django.urls import path

from grants.followup import views

urlpatterns = [
    path(
        "cases/<str:number>/filings/start/<slug:kind>/<int:period>/",
        views.start,
        name="filing_start",
    ),
    path("cases/<str:number>/filings/<int:pk>/", views.filing, name="filing"),
    path(
        "cases/<str:number>/filings/<int:pk>/documents/", views.documents, name="filing_documents"
    ),
    path("cases/<str:number>/filings/<int:pk>/check/", views.check, name="filing_check"),
    path(
        "cases/<str:number>/filings/documents/<int:pk>/remove/",
        views.document_remove,
        name="filing_document_remove",
    ),
    path("cases/<str:number>/assets/", views.assets, name="assets"),
    path("cases/<str:number>/assets/<int:pk>/", views.asset, name="asset"),
    path("cases/<str:number>/assets/<int:pk>/life/", views.life, name="asset_life"),
    path("assets/lives/<int:pk>/confirm/", views.life_confirm, name="life_confirm"),
    path("assets/lives/<int:pk>/take-back/", views.life_take_back, name="life_take_back"),
    path("cases/<str:number>/assets/<int:pk>/dispose/", views.dispose, name="asset_dispose"),
    path("cases/<str:number>/signals/dismiss/", views.dismiss, name="signal_dismiss"),
]

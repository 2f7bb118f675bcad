from django.urls import path

from startups.pilots import public, views

urlpatterns = [
    path("pilots/", public.pilot_list, name="pilot_list"),
    path("pilots/<slug:number>/", public.pilot, name="pilot"),
    path("pilots/<slug:number>/readings.csv", public.readings, name="pilot_readings"),
    path("cases/<str:number>/pilots/<slug:challenge>/start/", views.start, name="pilot_start"),
    path("cases/<str:number>/ledger/indicators/<int:n>/", views.indicator, name="pilot_indicator"),
    path("cases/<str:number>/ledger/readings/", views.measure, name="pilot_measure"),
    path("cases/<str:number>/ledger/incidents/", views.incident, name="pilot_incident"),
    path("cases/<str:number>/ledger/incidents/<int:pk>/", views.settle, name="pilot_settle"),
    path(
        "cases/<str:number>/ledger/months/<int:year>/<int:month>/",
        views.status,
        name="pilot_status",
    ),
    path("cases/<str:number>/bookings/new/", views.book, name="pilot_book"),
    path("cases/<str:number>/support/<str:code>/", views.support_money, name="pilot_support"),
]

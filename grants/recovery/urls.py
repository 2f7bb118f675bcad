from django.urls import path

from grants.recovery import list_views, views

urlpatterns = [
    path("recoveries/", list_views.desk, name="recovery_list"),
    path("recoveries.csv", list_views.desk_csv, name="recovery_list_csv"),
    path("recoveries/<int:pk>/receive/", views.receive, name="recovery_receive"),
    path("awards/<int:pk>/early/", views.early, name="recovery_early"),
    path("recoveries/<int:pk>/demand/", views.demand, name="recovery_demand"),
    path("recoveries/<int:pk>/later/", views.ask_later, name="recovery_ask_later"),
    path("recoveries/receipts/<int:pk>/give-back/", views.give_back, name="recovery_give_back"),
    path("recoveries/receipts/<int:pk>/", views.receipt, name="recovery_receipt"),
    path(
        "recoveries/receipts/<int:pk>/take-back/",
        views.receipt_take_back,
        name="recovery_receipt_take_back",
    ),
    path("recoveries/receipts/<int:pk>/keep/", views.receipt_keep, name="recovery_receipt_keep"),
]

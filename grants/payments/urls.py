from django.urls import path

from grants.payments import (
    check_views,
    execution_views,
    passbook_views,
    result_views,
    views,
    year_end_views,
)

urlpatterns = [
    path("organisations/<int:pk>/account/", views.account, name="bank_account"),
    path("cases/<str:number>/claims/new/", views.claim_new, name="claim_new"),
    path("cases/<str:number>/passbook/", passbook_views.passbook, name="passbook"),
    path("claims/<int:pk>/order/", views.order, name="payment_order"),
    path("payments/", views.desk, name="payment_desk"),
    path("payments/execution/", execution_views.execution, name="execution"),
    path("payments/year-end/", year_end_views.year_end, name="year_end"),
    path("payments/settlement.csv", execution_views.settlement_csv, name="settlement_csv"),
    path("payments/settlement.xlsx", execution_views.settlement_workbook, name="settlement_xlsx"),
    path("payments/batches/<int:pk>/", views.batch_page, name="batch"),
    path("payments/batches/<int:pk>/check/", check_views.check, name="batch_check"),
    path("payments/batches/<int:pk>/file", views.batch_file, name="batch_file"),
    path("payments/batches/<int:pk>/bank-word", views.batch_word, name="batch_word"),
    path("payments/batches/<int:pk>/rows/<int:line>/", result_views.row, name="batch_row"),
    path("payments/words/<int:pk>/", result_views.bank_word, name="bank_word"),
    path("payments/results/<int:pk>/", result_views.result, name="batch_result"),
]

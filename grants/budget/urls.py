from django.urls import path

from grants.budget import accounting_views, book_views, classification_views, debt_views, views

urlpatterns = [
    path("staff/budget/", views.line_list, name="budget_list"),
    path("staff/budget/accounting/", accounting_views.accounting_page, name="budget_accounting"),
    path(
        "staff/budget/accounting/entries.csv",
        accounting_views.accounting_csv,
        name="budget_accounting_csv",
    ),
    path(
        "staff/budget/accounting/<str:code>/<str:way>/",
        accounting_views.accounting_layout,
        name="budget_layout",
    ),
    path("staff/budget/book/", book_views.book_page, name="budget_book"),
    path("staff/budget/book.csv", book_views.book_csv, name="budget_book_csv"),
    path("staff/budget/book.xlsx", book_views.book_workbook, name="budget_book_xlsx"),
    path("staff/budget/<int:pk>/months/", book_views.line_months, name="budget_months"),
    path("staff/budget/lines.csv", views.line_csv, name="budget_csv"),
    path("staff/budget/lines.xlsx", views.line_workbook, name="budget_xlsx"),
    path("staff/budget/debts/", debt_views.debt_list, name="debt_list"),
    path("staff/budget/debts/<int:pk>/confirm/", debt_views.debt_confirm, name="debt_confirm"),
    path(
        "staff/budget/debts/<int:pk>/take-back/", debt_views.debt_take_back, name="debt_take_back"
    ),
    path("staff/budget/<int:pk>/", views.line_page, name="budget_line"),
    path(
        "staff/budget/<int:pk>/classification/",
        classification_views.line_classify,
        name="budget_classify",
    ),
    path(
        "staff/budget/classifications/<int:pk>/confirm/",
        classification_views.classification_confirm,
        name="classification_confirm",
    ),
    path(
        "staff/budget/classifications/<int:pk>/take-back/",
        classification_views.classification_take_back,
        name="classification_take_back",
    ),
    path("staff/budget/<int:pk>/transfer/", views.line_transfer, name="budget_transfer"),
    path("staff/budget/changes/<int:pk>/confirm/", views.change_confirm, name="budget_confirm"),
    path(
        "staff/budget/changes/<int:pk>/take-back/",
        views.change_take_back,
        name="budget_take_back",
    ),
    path("staff/programmes/<int:pk>/calls/new/", views.call_new, name="call_new"),
    path("staff/calls/<int:pk>/edit/", views.call_edit, name="call_edit"),
]

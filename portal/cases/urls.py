from django.urls import path

from portal.cases import list_views, reading_views, sample_views, views

urlpatterns = [
    path("inbox/", list_views.inbox, name="inbox"),
    path("inbox/views/", list_views.save_view, name="save_view"),
    path("my/", views.my_cases, name="my_cases"),
    path("cases/", list_views.case_list, name="case_list"),
    path("cases/export.csv", list_views.export, name="case_export"),
    path("cases/export.xlsx", list_views.workbook, name="case_workbook"),
    path("cases/columns/", list_views.choose_columns, name="case_columns"),
    path("inbox/views/<int:pk>/remove/", list_views.remove_view, name="view_remove"),
    path("cases/sample/", sample_views.case_sample, name="case_sample"),
    path("cases/officers/", list_views.officer_list, name="case_officers"),
    path("cases/officers.csv", list_views.officer_export, name="case_officers_csv"),
    path("cases/<str:number>/", views.case_page, name="case"),
    path("cases/<str:number>/take/", views.take, name="case_take"),
    path("cases/<str:number>/interest/", views.interest, name="case_interest"),
    path("cases/<str:number>/duties/", views.duties, name="case_duties"),
    path("cases/<str:number>/readings/", reading_views.of_case, name="case_readings"),
    path("readings/", reading_views.reading_list, name="reading_list"),
    path("cases/<str:number>/case.zip", views.download, name="case_zip"),
    path("do/<str:model>/<int:pk>/<str:name>/", views.do, name="do"),
]

from django.urls import path

from grants.applications import (
    amend_views,
    correct_views,
    document_views,
    inquiry_views,
    issued_views,
    late_views,
    section_views,
    sharing_views,
    staff_views,
    start_views,
    trial_views,
    views,
)

urlpatterns = [
    path("staff/sketches/<int:pk>/form/", trial_views.sketch_trial, name="sketch_trial"),
    path("programmes/<slug:code>/apply/", start_views.start, name="application_start"),
    path("apply/<str:number>/", views.tasklist, name="application_tasks"),
    path("apply/<str:number>/officers/", section_views.officers, name="application_officers"),
    path("apply/<str:number>/documents/", document_views.documents, name="application_documents"),
    path(
        "apply/<str:number>/documents/<int:pk>/remove/",
        document_views.document_remove,
        name="document_remove",
    ),
    path(
        "apply/<str:number>/documents/<int:pk>/reuse/",
        document_views.document_reuse,
        name="document_reuse",
    ),
    path(
        "apply/<str:number>/documents/<slug:key>/instead/",
        document_views.instead_of_file,
        name="document_instead",
    ),
    path(
        "apply/<str:number>/documents/<slug:key>/issued/",
        issued_views.document_issued,
        name="document_issued",
    ),
    path("apply/<str:number>/costs/paste/", section_views.costs_paste, name="costs_paste"),
    path(
        "apply/<str:number>/costs/workbook.xlsx",
        section_views.costs_workbook,
        name="costs_workbook",
    ),
    path("apply/<str:number>/review/", views.review, name="application_review"),
    path("apply/<str:number>/remarks/<int:n>/", correct_views.remark_answer, name="remark_answer"),
    path("apply/<str:number>/extension/", correct_views.extension_ask, name="extension_ask"),
    path("apply/<str:number>/amend/", amend_views.amend, name="application_amend"),
    path("apply/<str:number>/amend/stop/", amend_views.amend_stop, name="application_amend_stop"),
    path("apply/<str:number>/discard/", views.discard, name="application_discard"),
    path("apply/<str:number>/application.pdf", views.printed, name="application_pdf"),
    path("apply/<str:number>/sharing/", sharing_views.sharing_page, name="application_sharing"),
    path("apply/<str:number>/done/", views.done, name="application_done"),
    path("apply/<str:number>/<slug:key>/", section_views.section, name="application_section"),
    path(
        "apply/<str:number>/<slug:key>/autosave/",
        section_views.autosave,
        name="application_autosave",
    ),
    path("cases/<str:number>/defects/", staff_views.defect_raise, name="defect_raise"),
    path(
        "cases/<str:number>/defects/<int:n>/resolve/",
        staff_views.defect_resolve,
        name="defect_resolve",
    ),
    path("cases/<str:number>/checks/", staff_views.checks_note, name="checks_note"),
    path("cases/<str:number>/checks/<slug:kind>/", staff_views.check, name="check_note"),
    path(
        "cases/<str:number>/checks/<slug:kind>/go-on/", staff_views.check_go_on, name="check_go_on"
    ),
    path("cases/<str:number>/papers/", late_views.late_papers, name="late_papers"),
    path(
        "cases/<str:number>/papers/<str:key>/later/",
        late_views.move,
        name="late_paper_move",
    ),
    path(
        "cases/<str:number>/papers/<slug:key>/set-aside/",
        late_views.set_aside,
        name="late_paper_set_aside",
    ),
    path("cases/<str:number>/attempts/<int:pk>/honour/", staff_views.honour, name="attempt_honour"),
    path("staff/attempts/", staff_views.attempt_list, name="attempt_list"),
    path("staff/paper/", staff_views.paper_new, name="paper_new"),
    path("staff/inquiry/", inquiry_views.inquiry, name="inquiry"),
    path("staff/inquiry/<int:pk>/", inquiry_views.inquiry_answer, name="inquiry_answer"),
]

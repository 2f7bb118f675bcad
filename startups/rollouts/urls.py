from django.urls import path

from startups.rollouts import public, views

urlpatterns = [
    path("pilots.csv", public.stages_csv, name="stages_csv"),
    path("pilots.json", public.stages_json, name="stages_json"),
    path("pilots/<slug:number>/rollout/", views.new, name="rollout_new"),
    path("cases/<str:number>/tests/<slug:key>/", views.confirm, name="rollout_confirm"),
    path("cases/<str:number>/evidence.pdf", views.evidence_pack, name="rollout_evidence"),
]

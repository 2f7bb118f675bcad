from django.urls import path

from reports.opendata import api, catalogue, jgrants

urlpatterns = [
    path("opendata/", catalogue.page, name="opendata"),
    path("opendata/catalog.jsonld", catalogue.dcat, name="opendata_dcat"),
    path("opendata/seals.<slug:ending>", catalogue.seals, name="opendata_seals"),
    path("opendata/<slug:number>/awards.360.json", catalogue.awards_360, name="awards_360"),
    path(
        "opendata/<slug:number>/awards.gbizinfo.csv",
        catalogue.awards_gbizinfo,
        name="awards_gbizinfo",
    ),
    path("api/", api.docs, name="api_docs"),
    path("api/v1/openapi.json", api.openapi, name="api_openapi"),
    path("api/v1/programmes", api.programmes, name="api_programmes"),
    path("api/v1/programmes/<slug:code>", api.programme, name="api_programme"),
    path("api/v1/calls", api.calls, name="api_calls"),
    path("api/v1/calls/<slug:code>", api.call, name="api_call"),
    path("api/v1/challenges", api.challenges, name="api_challenges"),
    path("api/v1/challenges/<slug:number>", api.challenge, name="api_challenge"),
    path("api/v1/releases", api.releases, name="api_releases"),
    path("api/v1/releases/<slug:number>", api.release, name="api_release"),
    path("api/v1/releases/<slug:number>/tables/<slug:name>", api.statistics, name="api_table"),
    path("api/v1/<path:rest>", api.nothing, name="api_nothing"),
    path("exp/v1/public/subsidies", jgrants.subsidies, name="jgrants_subsidies"),
    path("exp/v1/public/subsidies/id/<str:subsidy_id>", jgrants.subsidy, name="jgrants_subsidy"),
]

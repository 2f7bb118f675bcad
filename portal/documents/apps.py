from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.documents"
    label = "portal_documents"

    def ready(self) -> None:
        from portal import ports
        from portal.documents import archive, checks_at_start, store  # noqa: F401  registers the system check

        ports.disposals.add("documents", store.destroy)
        ports.case_files.add("documents", archive.files)

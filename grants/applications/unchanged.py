"""Whether what was handed in is what it was."""

from grants.applications.models import ApplicationVersion
from portal.audit.chain import sha256, write
from portal.audit.rows import disposed_chains


def first_fault() -> str:
    """The first version whose content is not that of its SHA-256, or was erased without a disposal,
    as a sentence, or "".
    """
    disposed = disposed_chains()
    versions = ApplicationVersion.objects.order_by("pk")
    rows = versions.values_list("pk", "content", "sha256", "application__case")
    for pk, content, digest, case in rows.iterator(chunk_size=500):
        is_erased = not content and f"case:{case}" in disposed
        if not is_erased and sha256(write(content)) != digest:
            return f"grants_applications.ApplicationVersion {pk}: its content was changed"
    return ""

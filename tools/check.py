"""What `make check` runs: format, lint, types, templates, measures, migrations, catalogues, diagrams,
and `check --deploy`.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SAMPLE = {
    "SECRET_KEY": "sample-0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_KEY": "sample-field-key",
    "SITE_URL": "https://portal.example",
    "FROM_EMAIL": "portal@portal.example",
    "SMTP_HOST": "smtp.portal.example",
    "SMTP_USER": "portal",
    "SMTP_PASSWORD": "sample",
    "S3_BUCKET": "portal-documents",
    "CLAMD_ADDRESS": "127.0.0.1:3310",
    "OIDC_SERVER_URL": "https://id.portal.example",
    "OIDC_CLIENT_ID": "sample",
    "OIDC_CLIENT_SECRET": "sample",
    "DEMO": "0",
}


def main() -> int:
    from portal.embedded import Cluster

    os.chdir(ROOT)
    cluster = Cluster("test")
    url = cluster.url()
    here = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "EMBEDDED_CLUSTER": "test",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    base, production = os.environ | here, os.environ | here | SAMPLE | {"DATABASE_URL": url}
    python = sys.executable
    steps = [
        ("format", [python, "-m", "ruff", "format", "--check", "."], base),
        ("lint", [python, "-m", "ruff", "check", "."], base),
        ("types", [python, "-m", "mypy"], base),
        ("templates", [python, "-m", "djlint", "templates", "--lint", "--quiet"], base),
        ("layout of templates", [python, "tools/templates.py", "check"], base),
        ("measures of the tree", [python, "tools/measures.py"], base),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], base),
        ("message catalogues", [python, "tools/messages.py", "check"], base),
        ("life cycles", [python, "manage.py", "life_cycles", "--check"], base),
        (
            "deploy",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
    ]
    failed = []
    try:
        for name, command, env in steps:
            print(f"== {name}", flush=True)
            if subprocess.run(command, env=env, check=False).returncode:
                failed.append(name)
    finally:
        cluster.stop()
    print(f"make check failed: {', '.join(failed)}" if failed else "make check passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())

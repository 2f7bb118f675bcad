"""What `make run` does after the installation: prepare the demonstration once, then start database, web and worker."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, str(ROOT / "manage.py")]
PREPARE = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from portal.cases.models import Case
from portal.registry.models import Branch
call_command("migrate", verbosity=0)
call_command("createcachetable")
call_command("collectstatic", interactive=False, verbosity=0)
if not Branch.objects.exists():
    print("Loading reference data ...", flush=True)
    call_command("load_reference", verbosity=0)
if settings.DEMO and not Case.objects.exists():
    print("Making a small fictitious year (two to three minutes, once) ...", flush=True)
    call_command("simulate", cases=80, seed=1)
    call_command("make_demo_people")
    call_command("seal_audit")
"""


def main() -> None:
    os.chdir(ROOT)
    port = os.environ.get("PORT", "8000")
    os.environ.update({"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})
    subprocess.run([PYTHON, "-c", PREPARE], check=True)
    print(
        f"\n  さっぽろ事業支援ポータル   http://localhost:{port}/   (English: http://localhost:{port}/en/)\n",
        flush=True,
    )
    subprocess.run([*MANAGE, "show_demo_people"], check=False)  # it refuses where DEMO is off
    web = f"{PYTHON} -m gunicorn portal.wsgi --bind 127.0.0.1:{port} --workers 2 --threads 2 --log-level warning"
    worker = f"{PYTHON} manage.py work --concurrency 1"
    lines = [f"web: {web}", f"worker: {worker}"]
    if "DATABASE_URL" not in os.environ:
        lines.insert(0, f"database: {PYTHON} -m portal.embedded")
    procfile = ROOT / ".data" / "Procfile.run"
    procfile.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.execv(PYTHON, [PYTHON, "-m", "honcho", "-f", str(procfile), "-d", str(ROOT), "start"])


if __name__ == "__main__":
    main()

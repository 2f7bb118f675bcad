"""The units of systemd start what the Procfile starts, name what there is, and are taken by systemd itself."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
GUIDE = (ROOT / "docs/deployment.md").read_text("utf-8")
HOME = "/srv/portal/"


def begun(unit: Path) -> str:
    found = re.search(r"^ExecStart=(.+)$", unit.read_text("utf-8"), re.MULTILINE)
    return found[1].removeprefix(f"{HOME}.venv/bin/") if found else ""


def test_the_guide_names_each_and_each_is_there() -> None:
    named = set(re.findall(r"portal-\w+\.(?:service|timer)", GUIDE))
    assert named == {unit.name for unit in UNITS}


def test_they_start_what_the_procfile_starts() -> None:
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    wanted = dict(line.split(": ", 1) for line in lines if re.match(r"\w+: ", line))
    del wanted["release"]  # by hand, at each version: docs/deployment.md
    for name, command in wanted.items():
        unit = ROOT / f"deploy/systemd/portal-{name}.service"
        assert begun(unit) == command.replace("$PORT", "8000"), name


def test_what_they_begin_is_there() -> None:
    for unit in UNITS:
        if command := begun(unit):
            program, *words = command.split()
            assert (ROOT / ".venv/bin" / program).exists() or shutil.which(program), unit.name
            if program == "python":
                assert (ROOT / words[0]).exists()
                found = list(ROOT.glob(f"portal/*/management/commands/{words[1]}.py"))
                assert len(found) == 1, unit.name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is absent")
def test_systemd_takes_them(tmp_path: Path) -> None:
    """With programs and user of this machine in the place of those of the guide's."""
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(f"{HOME}.venv/bin/gunicorn", "/bin/true")
        text = text.replace(f"{HOME}.venv/bin/python", "/bin/true").replace("=portal\n", "=root\n")
        (tmp_path / unit.name).write_text(text, "utf-8")
    for unit in UNITS:
        done = subprocess.run(
            [
                "systemd-analyze",
                "verify",
                "--man=no",
                "--recursive-errors=no",
                tmp_path / unit.name,
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), unit.name

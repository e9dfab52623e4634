"""`.ci/audit` with a pip-audit of ours, since a test reaches no service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[1] / ".ci/audit"
_FAKE = """
import json, pathlib, sys
pins = pathlib.Path(sys.argv[sys.argv.index("-r") + 1])
if {broken} or {torn} and pins.name == "constraints.txt":
    sys.exit("no connection")
found = []
for line in pins.read_text().splitlines():
    name, _, version = line.partition("==")
    one = dict(name=name, version=version, vulns=[])
    if not {online}:
        one = dict(name=name, skip_reason="not found")
    elif line in {known}:
        one["vulns"] = [dict(id="PYSEC-1", fix_versions=["9.9"])]
    if version:
        found.append(one)
print(json.dumps(dict(dependencies=found)))
"""


def run(
    folder: Path,
    known: list[str],
    *,
    online: bool = True,
    broken: bool = False,
    torn: bool = False,
) -> tuple[int, str]:
    if not AUDIT.exists():
        pytest.skip("not in a package of the source alone")
    text = _FAKE.format(
        online=online, broken=broken, torn=torn, known=json.dumps(known)
    )
    (folder / "pip_audit.py").write_text(text)
    done = subprocess.run(
        [sys.executable, str(AUDIT)],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


PROBE = "jinja2==2.10"


def pinned() -> str:
    lines = AUDIT.with_name("constraints.txt").read_text().splitlines()
    return next(line for line in lines if "==" in line)


def test_a_known_vulnerability_fails_with_its_name(tmp_path: Path) -> None:
    code, text = run(tmp_path, [PROBE, pinned()])
    assert code == 1
    assert f"{pinned().replace('==', ' ')}: PYSEC-1, mended in ['9.9']" in text


def test_none_is_said_to_be_none(tmp_path: Path) -> None:
    code, text = run(tmp_path, [PROBE])
    assert code == 0
    assert "no known vulnerability" in text
    assert "not known there: none" in text


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_looked_up_is_not_nothing_found(
    tmp_path: Path, *, broken: bool
) -> None:
    code, text = run(tmp_path, [], online=False, broken=broken)
    assert (code, text.partition(":")[0]) == (2, "!!! NOT AUDITED")
    assert "no known vulnerability" not in text


_OUTCOMES = re.compile(r"^audited=0$.*?^esac$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("code", "required", "ends"),
    [
        (0, "", 0), (0, "required", 0), (1, "", 1), (1, "required", 1),
        (2, "", 0), (2, "required", 1),
    ],
)  # fmt: skip
def test_the_checks_go_on_unaudited_unless_the_audit_is_required(
    code: int, required: str, ends: int
) -> None:
    if not AUDIT.exists():
        pytest.skip("not in a package of the source alone")
    lines = _OUTCOMES.search(AUDIT.with_name("run").read_text())
    assert lines
    script = f"set -euo pipefail; bin=x; step() {{ return {code}; }}\n{lines[0]}"
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "TAKEBACK_AUDIT": required},
        timeout=60,
        check=False,
    )
    assert done.returncode == ends


@pytest.mark.parametrize("name", [".ci/release", ".github/workflows/checks.yaml"])
def test_a_release_and_the_hosted_checks_require_the_audit(name: str) -> None:
    path = AUDIT.parents[1] / name
    if not path.exists():
        pytest.skip("not in a package of the source alone")
    assert re.search(r"TAKEBACK_AUDIT(=|: )required", path.read_text())


def test_a_service_that_goes_away_in_between_fails_and_clears_nothing(
    tmp_path: Path,
) -> None:
    code, text = run(tmp_path, [PROBE], torn=True)
    assert (code, text.partition(":")[0]) == (1, "failed")
    assert "no known vulnerability" not in text

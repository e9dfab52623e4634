"""What is installed and built upon is named by what it holds, not by where it lies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[1]
CI = TOP / ".ci"
LOCKED = ("locked.txt", "locked-talk.txt", "locked-build.txt", "locked-dev.txt")
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_HASH = "--hash=sha256:"

pytestmark = pytest.mark.skipif(
    not CI.exists() or not (TOP / "Containerfile").exists(),
    reason="not in a package of the source alone",
)


def pins(name: str) -> dict[str, str]:
    text = (CI / name).read_text(encoding="utf-8")
    return {
        m["name"].lower().replace("_", "-"): m["version"] for m in _PIN.finditer(text)
    }


@pytest.mark.parametrize("name", LOCKED)
def test_each_pinned_file_has_its_hash_and_no_address(name: str) -> None:
    text = (CI / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-zA-Z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(name)) > 10
    assert all(_HASH in entry for entry in entries)
    assert "://" not in text


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_hashed_is_the_version_that_was_pinned(name: str) -> None:
    wanted = pins("constraints.txt")
    found = pins(name)
    assert {n: v for n, v in found.items() if n in wanted} == {
        n: v for n, v in wanted.items() if n in found
    }


def test_what_runs_is_hashed() -> None:
    with (TOP / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    names = [re.split(r"[\[<>=; ]", one)[0].lower() for one in project["dependencies"]]
    assert set(names) <= pins("locked-talk.txt").keys() < pins("locked.txt").keys()
    assert "python-telegram-bot" in pins("locked.txt").keys() - pins("locked-talk.txt")


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml"])
def test_a_base_image_is_named_by_its_digest(name: str) -> None:
    text = (TOP / name).read_text(encoding="utf-8")
    images = re.findall(r"^(?:FROM| +image:) (\S+)", text, re.MULTILINE)
    assert images
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", image) for image in images)


def test_actions_are_named_by_their_commit() -> None:
    for path in (TOP / ".github/workflows").glob("*.yaml"):
        used = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
        assert all(re.search(r"@[0-9a-f]{40}$", one) for one in used), path.name


def test_a_container_compiles_the_templates_that_it_will_read() -> None:
    """And not those beside it in the folder that it is built in."""
    text = (TOP / "Containerfile").read_text(encoding="utf-8")
    steps = re.findall(r"\S*python((?: -\w)*) -c", text)
    assert steps
    assert all("-P" in flags.split() for flags in steps)


def test_the_proxy_of_the_replicas_is_told_its_name_server_by_its_image() -> None:
    """That of Docker has another address than podman's."""
    told = yaml.safe_load((TOP / "compose.yaml").read_text(encoding="utf-8"))
    proxy, config = told["services"]["proxy"], told["configs"]["nginx"]["content"]
    assert "resolver $${NGINX_LOCAL_RESOLVERS} " in config
    assert proxy["environment"]["NGINX_ENTRYPOINT_LOCAL_RESOLVERS"] == "1"
    (mounted,) = proxy["configs"]
    assert mounted["target"] == "/etc/nginx/templates/default.conf.template"
    # What compose itself would fill in is doubled, but for what .env holds.
    assert re.findall(r"(?<!\$)\$(?!\$)", config) == []


def test_a_container_gets_all_that_a_wheel_is_built_from() -> None:
    text = (TOP / "Containerfile").read_text(encoding="utf-8")
    copied = " ".join(re.findall(r"^COPY (.*)$", text, re.MULTILINE)).split()
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE"} <= set(copied)
    assert {"bot", "knowledge", "templates"} <= set(copied)

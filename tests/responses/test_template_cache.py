"""Nobody else's code is run from the cache."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, FileSystemBytecodeCache
from jinja2.bccache import bc_magic

from bot.responses import template_cache
from bot.responses.template_files import TemplateFault, Templates


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(Path.cwd() / "exploded"),)


def rendered(cache: Path) -> str:
    jinja = Environment(
        loader=DictLoader({"a": "hello"}),
        autoescape=True,
        bytecode_cache=template_cache.opened(cache),
    )
    return jinja.get_template("a").render()


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_was_compiled_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    assert rendered(tmp_path) == rendered(tmp_path) == "hello"
    folder = tmp_path / "templates"
    (file,) = folder.iterdir()
    assert {p.stat().st_mode & 0o777 for p in (folder, file)} == {0o700, 0o600}


def test_where_nothing_can_be_written_templates_are_filled_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(FileSystemBytecodeCache, "dump_bytecode", refuse)
    assert rendered(tmp_path) == "hello"


def test_a_file_that_others_may_write_is_not_read(tmp_path: Path) -> None:
    rendered(tmp_path)
    (file,) = (tmp_path / "templates").iterdir()
    file.write_bytes(bc_magic + pickle.dumps(Bomb()))
    file.chmod(0o666)
    assert rendered(tmp_path) == "hello"
    assert not (tmp_path / "exploded").exists()


def test_a_file_of_another_user_is_not_read(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    rendered(tmp_path)
    (file,) = (tmp_path / "templates").iterdir()
    file.write_bytes(bc_magic + pickle.dumps(Bomb()))
    os.chown(file, 65_534, -1)
    assert rendered(tmp_path) == "hello"
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755])
def test_an_open_folder_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates").chmod(mode)
    assert template_cache.opened(tmp_path) is None


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "templates").symlink_to(tmp_path / "elsewhere")
    assert template_cache.opened(tmp_path) is None


@pytest.mark.parametrize(
    "code",
    [
        "cycler.__init__.__globals__.os.mkdir('exploded')",
        "joiner.mro()",
        "([1]|map('string')).gi_frame.f_globals",
        "([1]|map('string')).gi_code",
        "joiner['mro']()",
    ],
)
def test_a_template_cannot_reach_python(tmp_path: Path, code: str) -> None:
    folder = tmp_path / "templates" / "en"
    folder.mkdir(parents=True)
    (folder / "bad.md.j2").write_text(f"{{{{ {code} }}}}")
    with pytest.raises(TemplateFault, match="takes what is internal to the program"):
        Templates(tmp_path, "en").fill("bad.md.j2")
    assert not (tmp_path / "exploded").exists()


def test_what_was_prepared_stays_as_it_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "en"
    folder.mkdir(parents=True)
    # More than Jinja keeps by itself.
    files = [folder / f"{number}.md.j2" for number in range(500)]
    for file in files:
        file.write_text("before")
    templates = Templates(tmp_path, "en")
    templates.prepare()
    for file in files:
        file.write_text("after")
    assert {templates.fill(file.name) for file in files} == {"before"}


def test_old_templates_make_room_for_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_cache, "_MOST", 8)
    rendered(tmp_path)
    folder = tmp_path / "templates"
    (kept,) = folder.iterdir()
    for age in range(1, 11):
        old = folder / f"__jinja2_{age}.cache"
        old.write_bytes(b"")
        then = kept.stat().st_mtime - age
        os.utime(old, (then, then))
    kept.write_bytes(b"of another version")
    rendered(tmp_path)
    left = {path.name for path in folder.iterdir()}
    assert left == {kept.name, *(f"__jinja2_{age}.cache" for age in range(1, 6))}

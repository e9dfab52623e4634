"""A PostgreSQL of our own in a temporary folder; it can be stopped and started."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import free_port

_FAST = "-c max_connections=100 -c shared_buffers=64MB"


def missing() -> str | None:
    """Why there can be no cluster here."""
    if _binaries() is None:
        return "initdb is not installed"
    if os.name != "posix":
        return "PostgreSQL is started on Unix only"
    if os.getuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


@dataclass
class Cluster:
    folder: Path
    port: int

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} {_FAST}"
        self._run(
            "pg_ctl", "-w", "-D", self.data, "-l", self.log, "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-D", self.data, "-m", mode, "stop")

    def create(self, database: str) -> str:
        """A new database's address."""
        self.psql(f"CREATE DATABASE {database}")
        return self.url(database)

    def psql(self, statement: str, database: str = "postgres") -> str:
        return self._run("psql", "-qAtX", "-c", statement, self.url(database))

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    @property
    def log(self) -> str:
        return str(self.folder / "log")

    def _run(self, program: str, *arguments: str) -> str:
        found = _binaries()
        assert found
        done = subprocess.run(
            [str(found / program), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            user=_user(),
            cwd=self.folder,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()


@contextmanager
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="takeback-pg-") as name:
        folder = Path(name)
        if (user := _user()) is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        found = Cluster(folder, free_port())
        found._run(
            "initdb", "-D", found.data, "-U", "postgres", "-A", "trust", "-E", "UTF8"
        )
        found.start()
        try:
            yield found
        finally:
            with suppress(AssertionError):  # a test has stopped it
                found.stop("immediate")


def _user() -> str | None:
    """Whom it runs as; root may not."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found and Path(found).resolve().with_name("pg_ctl").exists():
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None

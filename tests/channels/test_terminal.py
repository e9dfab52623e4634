"""The chat in a terminal: one transcript through a pipe, and a real pseudo-terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from bot.app import Assistant
from bot.channels.terminal import answer, rows, show
from bot.dialogue.events import Button
from bot.responses.markup import Message, parse
from tests.support.shell import PROGRAM, environment, run

# --- through a pipe

TALK = """\
get a heron parcel back
1
thanks
"""

TRANSCRIPT = """\
Is the seal broken?

[1] Still sealed
[2] Unsealed
[3] Not sure

Yes. Heron Air turns a parcel round on request. That works for half an hour.

1. Whistle twice.
2. Wait on the roof.

A feather is left at the door.

When did it leave?

Checked 2026-05-02, medium: Asked at the counter.
Checked 2026-05-01, high: The leaflet; Asked at the counter.
Checked 2026-05-01, high: Asked at the counter.
Guide, differs, 1 2, Flying carriers: Heron Air never turns round.

[1] Just now
[2] Minutes ago
[3] Days ago
[4] Will they know?
[5] How long?

You are welcome.

[1] Call it back

"""


def test_a_piped_talk_is_a_plain_transcript(tmp_path: Path) -> None:
    done = run(home=tmp_path, given=TALK)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == TRANSCRIPT


def test_chat_is_the_same_as_no_command_at_all(tmp_path: Path) -> None:
    assert run("chat", home=tmp_path, given=TALK).stdout == TRANSCRIPT


def test_quit_ends_it(tmp_path: Path) -> None:
    done = run(home=tmp_path, given=f"{TALK}/quit\nhello?\n")
    assert done.stdout == TRANSCRIPT


def test_no_input_is_no_conversation(tmp_path: Path) -> None:
    done = run(home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    talk = subprocess.Popen(
        PROGRAM,
        env=environment(tmp_path),
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert talk.stdin
    assert talk.stdout
    assert talk.stderr
    talk.stdout.close()
    with talk.stdin, talk.stderr:
        try:
            talk.stdin.write(b"hello\n" * 1_000)
            talk.stdin.flush()
        except BrokenPipeError:
            pass
        assert b"Traceback" not in talk.stderr.read()
    talk.wait(20)


def test_junk_does_not_end_a_piped_talk(tmp_path: Path) -> None:
    junk = (
        b"\x00\x01\x1b[31m\n\xff\xfe\n\n<b>&\n"
        + b"a" * 10_000
        + b"\n\xf0\x9f\x98\x80\n"
    )
    done = run(home=tmp_path, given=junk + b"hello\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("[1] ") == 7  # a reply a line
    assert "Good day." in done.stdout


def test_no_escape_of_a_terminal_comes_back_from_a_pipe(tmp_path: Path) -> None:
    done = run(home=tmp_path, given="hello \x1b[31m\x07\nget a heron parcel back\n")
    assert "\x1b" not in done.stdout


# --- in a terminal

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*(?:\x07|\x1b\\)|[=>78])")


class Screen:
    """A person at a terminal: keys in, what is written out."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self.master, self.process = master, process
        self.raw, self.seen = "", ""

    def shows(self, text: str, within: float = 20) -> str:
        """Waits until a text has been written since the last keys."""
        return self._waits(lambda: text in self.plain, text, within)

    def _waits(self, there: Callable[[], bool], what: str, within: float = 20) -> str:
        end = time.monotonic() + within
        while not there():
            assert time.monotonic() < end, f"{what!r} never came: {self.plain!r}"
            self._take(end)
        self.seen = what
        return self.plain

    @property
    def plain(self) -> str:
        return _ESCAPES.sub("", self.raw).replace("\r", "")

    def types(self, keys: str) -> None:
        """Types once the prompt stands under what was seen last."""
        self._waits(lambda: "you ›" in self.plain.rpartition(self.seen)[2], self.seen)
        self.raw = ""
        os.write(self.master, keys.encode())

    def ends(self, within: float = 20) -> int:
        """Reads on until the program has ended."""
        end = time.monotonic() + within
        while self.process.poll() is None and time.monotonic() < end:
            self._take(time.monotonic() + 0.1)
        return self.process.wait(1)

    def _take(self, end: float) -> None:
        ready, _, _ = select.select(
            [self.master], [], [], max(0, end - time.monotonic())
        )
        if not ready:
            return
        try:
            new = os.read(self.master, 65_536).decode(errors="replace")
        except OSError:  # the other side is closed
            return
        self.raw += new
        if "\x1b[6n" in new:  # where is the cursor?
            os.write(self.master, b"\x1b[1;1R")


@contextmanager
def terminal(home: Path) -> Iterator[Screen]:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        PROGRAM,
        env=environment(
            home, more={"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        ),
        cwd=home,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Screen(master, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(10)
        os.close(master)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with terminal(tmp_path) as opened:
        opened.shows("/quit leaves")
        yield opened


def test_it_greets_says_how_to_leave_and_ctrl_d_leaves(screen: Screen) -> None:
    screen.shows("Good day.")
    screen.types("\x04")
    assert screen.ends() == 0
    assert "Traceback" not in screen.plain


def test_ctrl_c_leaves_too(screen: Screen) -> None:
    screen.types("\x03")
    assert screen.ends() in {0, 130}
    assert "Traceback" not in screen.plain


def test_ctrl_c_clears_a_half_typed_line_first(screen: Screen) -> None:
    screen.types("how do I call ba\x03get a mole post parcel back\r")
    screen.shows("Mole Post digs up any parcel.")
    screen.types("\x03")
    assert screen.ends() in {0, 130}


def test_quit_leaves_whatever_stands_behind_it(screen: Screen) -> None:
    screen.types("/quit now\r")
    assert screen.ends() == 0


@pytest.mark.parametrize("word", ["quit", "Exit "])
def test_a_bare_word_leaves_too(screen: Screen, word: str) -> None:
    screen.types("quit the group, is it gone?\rthanks\r")
    screen.shows("You are welcome.")
    screen.types(f"{word}\r")
    assert screen.ends() == 0


def test_an_empty_line_changes_nothing(screen: Screen) -> None:
    screen.types("how do I call back my parcel\r")
    screen.shows("6 Not sure")
    screen.types("\r  \r2\r")
    screen.shows("Mole Post digs up any parcel.")


def test_a_number_without_a_button_is_told(screen: Screen) -> None:
    screen.types("how do I call back my parcel\r")
    screen.shows("6 Not sure")
    screen.types("9\r")
    screen.shows("There is no button 9; the last one is 6.")
    screen.shows("6 Not sure")


def test_an_unknown_command_shows_those_that_there_are(screen: Screen) -> None:
    screen.types("/foo\r")
    shown = screen.shows("There is no command /foo.")
    assert "/help" in shown
    assert "/quit" in shown


def test_a_number_presses_a_button(screen: Screen) -> None:
    screen.types("how do I call back my parcel\r")
    shown = screen.shows("6 Not sure")
    assert "1 Heron Air" in shown
    screen.types("2\r")
    screen.shows("Mole Post digs up any parcel.")
    screen.types("\x04")
    assert screen.ends() == 0


def test_strong_words_are_bold_and_no_mark_is_left(screen: Screen) -> None:
    screen.types("get a mole post parcel back\r")
    screen.shows("Nothing shows above ground.")
    assert "**" not in screen.plain
    assert re.search(r"\x1b\[1m[^\x1b]*Yes", screen.raw)


def test_the_sources_are_folded_until_they_are_asked_for(screen: Screen) -> None:
    screen.types("get a mole post parcel back\r")
    screen.shows("Nothing shows above ground.")
    screen.shows("How long?")
    assert "Checked 2026-05-01" not in screen.plain
    screen.types("note\r")
    screen.shows("Checked 2026-05-01")


def test_the_sources_of_the_last_answer_stay_to_be_asked_for(screen: Screen) -> None:
    screen.types("get a mole post parcel back\r")
    screen.shows("How long?")
    screen.types("thanks\r")
    screen.shows("You are welcome.")
    screen.types("note\r")
    screen.shows("Checked 2026-05-01")


def test_the_arrow_brings_back_what_was_typed(screen: Screen) -> None:
    screen.types("get a mole post parcel back\r")
    screen.shows("How long?")
    screen.types("\x1b[A\r")
    screen.shows("Mole Post digs up any parcel.")


def test_what_is_typed_is_written_nowhere(tmp_path: Path) -> None:
    secret = "quxwobble"
    with terminal(tmp_path) as screen:
        screen.shows("/quit leaves")
        screen.types(f"how do I call back my {secret} parcel\r")
        screen.shows("Not sure")
        screen.types("\x04")
        assert screen.ends() == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if secret.encode() in path.read_bytes()]


# --- how it is laid out

labels = st.lists(
    st.text("abc é漢", min_size=1, max_size=30).map(str.strip), max_size=9
)


@given(labels.map(lambda found: [one for one in found if one]), st.integers(20, 90))
def test_a_button_stays_on_one_line_with_its_number(
    found: list[str], width: int
) -> None:
    buttons = [Button(label, str(n)) for n, label in enumerate(found)]
    printed = lines_of(*rows(buttons, width), width=width)
    assert all(cell_len(line) <= width for line in printed)
    text = "\n".join(printed)
    for number, label in enumerate(found, 1):
        if cell_len(f"{number} {label}") <= width:
            assert f"{number} {label}" in text
        else:
            assert re.search(rf"^{number} ", text, re.MULTILINE)


def test_a_list_goes_on_under_its_own_words_and_breaks_no_word() -> None:
    long = "Touch and hold the message you sent, and then choose Delete for everyone."
    message = Message(parse(f"1. {long}\n2. Look."))
    console = Console(width=30, file=io.StringIO())
    show(console, message)
    assert isinstance(console.file, io.StringIO)
    first, *rest = [line for line in console.file.getvalue().splitlines() if line]
    assert first.startswith(" 1. Touch")
    assert all(line.startswith(("    ", " 2. ")) for line in rest)
    printed = " ".join(" ".join((first, *rest)).split())
    assert printed == f"1. {long} 2. Look."


def test_one_answer_offers_no_buttons_that_nobody_can_press(
    toy_bot: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(toy_bot, "get a mole post parcel back")
    shown = capsys.readouterr().out
    assert "Mole Post digs up any parcel." in shown
    assert "How long?" not in shown
    assert "Checked 2026-05-01" not in shown
    assert "--sources" in shown
    answer(toy_bot, "get a mole post parcel back", sources=True)
    assert "Checked 2026-05-01" in capsys.readouterr().out


def test_one_question_back_names_its_choices(
    toy_bot: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(toy_bot, "how do I call back my parcel")
    assert "Heron Air · Mole Post" in capsys.readouterr().out


def test_one_answer_that_ends_in_a_question_names_its_choices(
    toy_bot: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "how long do I have to call back a heron air parcel that is still sealed"
    answer(toy_bot, question)
    shown = capsys.readouterr().out
    assert "When did it leave?" in shown
    assert "Just now · Minutes ago" in shown


def lines_of(*parts: RenderableType, width: int) -> list[str]:
    out = io.StringIO()
    console = Console(width=width, file=out)
    for part in parts:
        console.print(part)
    return out.getvalue().splitlines()

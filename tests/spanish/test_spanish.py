"""A second language is files only: a book in Spanish talks, and says no word of English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.terminal import TerminalTexts
from bot.dialogue.events import Pressed, Said
from bot.dialogue.session import Session
from bot.knowledge import loader
from bot.nlu import languages
from bot.responses.reply import Reply
from bot.tools import every_answer, services_table
from bot.tools.check import look
from bot.tools.preview import preview
from bot.tools.site.pages import Site
from tests.support.books import SPANISH, spanish_bot
from tests.support.shell import run

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ENGLISH = re.compile(
    r"\b(the|and|of|to|is|it|not|you|your|what|with|this|for|in \d|about|almost|left"
    r"|minutes?|hours?|days?|seconds?|ago|back|next|done|sure|yes|january|december|at)\b",
    re.IGNORECASE,
)


class Chat:
    """A conversation with the book, over its core."""

    def __init__(self) -> None:
        self.session = Session()
        self.reply: Reply | None = None

    def say(self, text: str, minutes: int = 0) -> str:
        said = Said("7", text, NOW + timedelta(minutes=minutes))
        self.reply, self.session = spanish_bot().reply(self.session, said)
        return self.reply.text

    def press(self, label: str) -> str:
        assert self.reply
        value = next(b.value for b in self.reply.message.buttons if b.label == label)
        pressed = Pressed("7", value, NOW)
        self.reply, self.session = spanish_bot().reply(self.session, pressed)
        return self.reply.text


def test_the_book_passes_the_check(tmp_path: Path) -> None:
    found = look(SPANISH, date(2026, 12, 1), tmp_path)
    assert found.errors == ()
    assert found.warnings == ()


def test_what_the_language_does_not_read_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = replace(languages.of("es"), told=None)
    monkeypatch.setattr(languages, "of", lambda _: plain)
    _, problems = loader.read(SPANISH)
    lines = (SPANISH / "knowledge/slots.yaml").read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if line.startswith("      deeds:"))
    assert [str(problem) for problem in problems] == [
        f"knowledge/slots.yaml:{at}: `deeds` is not read in `es`",
    ]


def test_it_is_as_large_as_it_says() -> None:
    kb = spanish_bot().kb
    phrases = [*(SPANISH / "knowledge/phrases").rglob("*.txt")]
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in phrases)
    domain = [t for t in kb.topics.values() if t.scope == "domain" and t.typed]
    assert (len(kb.platforms) - 1, len(domain), lines >= 400) == (8, 5, True)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "¿Se puede borrar un mensaje de WhatsApp que mandé hace 20 minutos?",
            "Sí: te",
        ),
        ("le mandé una foto al jefe por Telegram hace un año, la puedo quitar?", "Sí."),
        (
            "borrar un mensaje de Signal de hace 2 días",
            "No: el plazo pasó hace al menos 12 horas",
        ),
        ("lo mandé por whatsapp hace 50 horas, lo puedo eliminar", "Quizás"),
        (
            "cuánto tiempo tengo en Signal, lo envié hace media hora",
            "Cerca de 23 horas",
        ),
        ("hasta cuándo puedo borrar en whatsapp", "48 a 60 horas"),
        ("se entera si lo elimino en Messenger", "Sí, lo nota"),
        (
            "puedo editar un mensaje de instagram de hace 10 min",
            "Sí: te quedan cerca de 5 minutos",
        ),
        ("puedo editar un mensaje de whatsapp de ayer", "No: el plazo para editar"),
        ("se puede retirar un sms", "No."),
        ("cómo deshago un correo de gmail", "Solo en los primeros"),
        ("ya lo leyó todo el grupo, qué hago", "Escribe una disculpa"),
        ("lo mandé por viber, se puede borrar?", "Depende del servicio"),
        ("how do I unsend a message", "Este libro está en español"),
        ("как удалить сообщение", "Este libro está en español"),
        ("hola", "Hola"),
        ("muchas gracias", "De nada"),
    ],
)
def test_it_answers_in_spanish(asked: str, told: str) -> None:
    assert spanish_bot().ask(asked, NOW).text.startswith(told)


def test_slips_are_mended_beside_the_keys_of_the_language() -> None:
    chat = Chat()
    said = chat.say("le mandw una fto al jefe por guasap, la puedo borar")
    assert said.startswith("Sí")
    assert "Leo «" in said or "WhatsApp" in said


def test_short_forms_are_written_out() -> None:
    parse = spanish_bot().nlu.parse("xq no puedo borrar el msj q mande")
    assert parse.words[:3] == ("por", "que", "no")
    assert {"mensaje", "que"} <= {*parse.words}


@pytest.mark.parametrize(
    "text",
    [
        "lo mandé y lo eliminé a los 5 minutos, lo habrá visto?",
        "ya lo he borrado, se entera?",
        "lo borré",
        "se lo borré enseguida",
        "sabe que lo eliminé?",
        "pude borrarlo a tiempo",
        "el mensaje lo quité anoche",
    ],
)
def test_what_was_done_is_told_by_the_form_of_its_verb(text: str) -> None:
    found = spanish_bot().nlu.parse(text).extraction
    assert found.asides == {"hecho": "borrado"}


@pytest.mark.parametrize(
    "text",
    [
        "lo puedo borrar?",
        "quiero que lo borre",
        "antes de que lo borre",
        "para que se elimine del todo",
        "no lo borré a tiempo",
        "si lo borré, se nota?",
        "borré la app",
        "eliminé mi cuenta",
        "la cuenta que eliminé",
        "borre usted el mensaje",
        "casi lo borré",
        "nunca he borrado nada",
    ],
)
def test_what_is_wished_denied_or_done_to_something_else_is_not(text: str) -> None:
    assert "hecho" not in spanish_bot().nlu.parse(text).extraction.asides


def test_what_was_done_is_not_explained_once_more() -> None:
    chat = Chat()
    said = chat.say("mandé algo por whatsapp y ya lo borré, hay forma de quitarlo?")
    assert said.startswith("Sí, lo nota.")


def test_what_is_quoted_is_not_what_is_asked() -> None:
    parse = spanish_bot().nlu.parse(
        "escribí «cuánto tiempo tengo para editar esto en telegram» y lo quiero borrar"
    )
    assert "telegram" not in parse.words


def test_a_conversation_goes_on() -> None:
    chat = Chat()
    assert chat.say("quiero borrar un mensaje").startswith("¿En qué servicio")
    assert chat.press("WhatsApp").startswith("Sí. Un mensaje de WhatsApp")
    assert "47 horas" in chat.say("fue hace media hora")
    assert "24 horas" in chat.say("perdón, quise decir en Signal")
    assert chat.say("¿y se va a enterar?").startswith("Sí, lo nota")
    assert chat.say("atrás").startswith("Sí")


def test_steps_are_gone_through_one_by_one() -> None:
    chat = Chat()
    chat.say("cómo borro un mensaje de telegram")
    assert chat.press("Paso a paso").startswith("Paso 1 de 4.")
    assert chat.say("siguiente").startswith("Paso 2 de 4.")
    assert chat.press("Ver todos los pasos").startswith("Sí")


def test_a_slip_that_is_told_fills_the_draft() -> None:
    told = "puse 4 de mayo y era 14 de mayo, ayúdame a escribir una disculpa"
    assert "mi último mensaje: 14 de mayo, no 4 de mayo." in Chat().say(told)
    told = "la llamé Ana y se llama Eva, qué le escribo para disculparme"
    assert "Perdona, Eva: te llamé" in Chat().say(told)
    assert "[texto correcto]" in Chat().say("puse mal la fecha, qué le digo")


def test_no_reply_and_no_button_has_a_word_of_english() -> None:
    said = []
    for entry in every_answer.entries(spanish_bot().renderer):
        said += [entry.reply.text, *entry.labels]
    assert len(said) > 500
    words = re.compile(r"Takeback|takeback ask --sources")
    english = {m[0] for one in said for m in ENGLISH.finditer(words.sub("", one))}
    assert english == set()


def test_the_static_pages_are_spanish_too() -> None:
    files = Site(spanish_bot().renderer, SPANISH, "takeback_bot").files()
    pages = {name: text for name, text in files.items() if name.endswith(".html")}
    assert len(pages) > 8
    for text in pages.values():
        assert '<html lang="es">' in text
        assert "Preguntar al bot" in text
        shown = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", text)
        assert not ENGLISH.findall(shown)


def test_a_message_of_the_preview_is_spanish_within_a_page_for_editors() -> None:
    page = preview(spanish_bot().renderer, SPANISH)
    phones = re.findall(r'<div class="phone" lang="es">.*?</article>', page, re.DOTALL)
    assert len(phones) > 100
    shown = re.sub(r"<[^>]+>", " ", " ".join(phones))
    assert not ENGLISH.findall(shown.replace("Takeback", ""))


def test_the_tables_for_editors_are_spanish_too() -> None:
    renderer = spanish_bot().renderer
    five, by_age = services_table.five(renderer), services_table.by_age(renderer)
    assert not ENGLISH.findall(five + by_age)
    assert "| WhatsApp  | Sí                   | 48 a 60 horas ~ " in five
    assert "| Gmail     | Antes de que salga ~ | 5 a 30 segundos ~ | – " in five
    assert "Queda una nota ~ | Sí, 15 minutos ~" in five
    assert "| Signal       | quedan casi 24 horas |" in by_age


def test_the_terminal_speaks_it_too(tmp_path: Path) -> None:
    done = run(
        "chat", home=tmp_path, given="borrar un mensaje\n1\n/quit\n", files=SPANISH
    )
    assert done.stderr == ""
    assert "¿En qué servicio lo enviaste?" in done.stdout
    assert "[1] WhatsApp" in done.stdout
    assert "Un mensaje de WhatsApp se puede eliminar" in done.stdout
    assert TerminalTexts(spanish_bot()).plain("you").strip() == "tú"


def test_a_phrase_that_was_not_understood_is_not_kept_for_want_of_word_lists() -> None:
    bot = spanish_bot()
    bot.recorder.keep_phrases = True
    turn = bot.turn(Session(), said := Said("7", "xilófono cebra jirafa", NOW))
    bot.recorder._hear(bot.kb, bot.nlu, said, turn)
    bot.recorder.keep_phrases = False
    assert not bot.recorder._phrases

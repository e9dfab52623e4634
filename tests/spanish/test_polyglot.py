"""The real book and the Spanish one in one process: who answers, and in what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from bot.dialogue.events import Event, Pressed, Said
from bot.dialogue.session import Session
from bot.errors import KnowledgeError
from bot.knowledge.phrase_files import phrase_lines
from bot.nlu.spoken_language import spoken
from bot.polyglot import open_books
from bot.responses.reply import Reply
from bot.store import codec
from bot.tools.eval.labelled import read
from tests.book.test_questions import QUESTIONS
from tests.support.books import SPANISH, TOY, polyglot, real_bot, spanish_bot
from tests.support.shell import run

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ASKED = "how do I unsend a whatsapp message I sent an hour ago"
PREGUNTA = "hola, como borro un mensaje"


class Chat:
    """A conversation over the core, with a person whose app is in a language."""

    def __init__(self, own: str | None = None) -> None:
        self.own, self.session, self.now = own, Session(), NOW
        self.reply: Reply

    def say(self, text: str) -> str:
        return self._take(Said("7", text, self.now, language=self.own))

    def press(self, value: str) -> str:
        return self._take(Pressed("7", value, self.now, language=self.own))

    def button(self, label: str) -> str:
        buttons = self.reply.message.buttons
        return next(b.value for b in buttons if b.label == label)

    def _take(self, event: Event) -> str:
        self.reply, self.session = polyglot().reply(self.session, event)
        # As the store keeps it.
        self.session = codec.decode(codec.encode(self.session))
        return self.reply.text

    @property
    def language(self) -> str | None:
        return self.reply.message.language


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (ASKED, "la respuesta no me ha servido de nada"),
        (PREGUNTA, "that answer was useless to me"),
        ("can I edit a message on slack", "esa respuesta no sirve"),
    ],
)
async def test_what_is_said_of_an_answer_may_be_in_another_language(
    first: str, then: str, caplog: pytest.LogCaptureFixture
) -> None:
    books = polyglot()
    for text in (first, then):
        assert (await books.handle(Said("of both", text, NOW))).text
    await books.forget("of both")
    assert "could not be counted" not in caplog.text


def test_another_language_is_answered_at_once_and_stays() -> None:
    chat = Chat()
    assert chat.say(ASKED).startswith("Yes: about 47 hours left on WhatsApp.")
    # The service and the moment are known in either.
    assert chat.say(PREGUNTA).startswith("Sí: te quedan cerca de 47 horas.")
    assert "WhatsApp" in chat.reply.text
    assert chat.say("2")
    assert chat.language == "es"
    assert chat.say("whatsapp")
    assert chat.language == "es"
    assert chat.say("and who is told when I delete it?").startswith("Yes, ")
    assert chat.say("1")
    assert chat.language == "en"


@pytest.mark.parametrize(
    ("own", "text", "language"),
    [
        ("es", "how do I unsend a message", "en"),
        ("en", "cómo borro un mensaje", "es"),
        # What is short or torn is in the language of the person's app, if there is one.
        ("es", "/start", "es"),
        ("es", "whatsapp", "es"),
        ("es", "stop", "es"),
        ("en", "hola", "en"),
        ("fr", "whatsapp", "en"),
        (None, "whatsapp", "en"),
        # Without such a hint one word is better than none.
        (None, "hola", "es"),
        ("fr", "gracias", "es"),
        (None, "thanks", "en"),
        # A command of one book, whoever sends it.
        ("en", "/servicios", "es"),
        ("es", "/draft", "en"),
    ],
)
def test_the_first_message_decides_by_words_then_by_the_app(
    own: str | None, text: str, language: str
) -> None:
    chat = Chat(own)
    chat.say(text)
    assert chat.language == language


def test_a_word_that_the_book_at_hand_cannot_read_is_for_the_other() -> None:
    chat = Chat()
    chat.say("cómo borro un mensaje de telegram")
    assert chat.say("ok thanks")
    assert chat.language == "en"


def test_other_languages_hear_politely_that_they_are_none_of_ours() -> None:
    chat = Chat()
    chat.say("wie kann ich eine gesendete Nachricht zurückholen?")
    assert chat.reply.text.startswith("I only understand English.")
    chat = Chat("es")
    chat.say("je voudrais annuler l'envoi de mon courriel")
    assert chat.reply.text.startswith("Este libro está en español.")


def test_a_button_stays_with_the_book_that_printed_it() -> None:
    chat = Chat()
    chat.say(ASKED)
    old = chat.button("Will they notice?")
    chat.say(PREGUNTA)
    known = chat.button("¿Se enterará?")
    assert chat.press(old).startswith("Yes, they can see")
    assert chat.press(known).startswith("Sí, lo nota")
    assert chat.press("no such button")
    assert chat.language == "es"


def test_starting_over_goes_on_in_the_same_language() -> None:
    chat = Chat("en")
    chat.say("cómo borro un mensaje")
    assert chat.say("/restart")
    assert chat.language == "es"


async def test_what_is_forgotten_takes_its_language_along() -> None:
    bot = polyglot()
    said = Said("forgotten", "cómo borro un mensaje", NOW)
    await bot.handle(said)
    assert await bot.language_of("forgotten", NOW, "en") == "es"
    await bot.handle(Said("forgotten", "/forget", NOW + timedelta(minutes=1)))
    assert await bot.language_of("forgotten", NOW, None) is None
    assert await bot.language_of("forgotten", NOW, "es") == "es"
    assert await bot.language_of("forgotten", NOW, "fr") is None


async def test_a_chat_that_is_remembered_tells_where_it_is_in_its_language() -> None:
    bot = polyglot()
    await bot.handle(Said("there", "cómo borro un mensaje de telegram", NOW))
    place = await bot.place("there", NOW)
    assert place
    assert bot.kb_of_button(place) is bot.kb_of("es")
    good = await bot.verdict("there", NOW, good=True)
    assert good
    assert bot.kb_of_button(good) is bot.kb_of("es")
    assert await bot.expects(Said("there", "en el ordenador", NOW))


def test_pieces_of_a_question_are_pieces_in_every_language() -> None:
    bot = polyglot()
    assert bot.is_fragment("en instagram")
    assert bot.is_fragment("to my mum")
    assert not bot.is_fragment("cómo borro un mensaje de whatsapp")
    assert not bot.is_fragment("how do I unsend a whatsapp message")


def test_a_search_and_drafts_are_in_one_language() -> None:
    bot = polyglot()
    found = bot.search("borrar un mensaje de telegram", NOW)
    assert {reply.message.language for _, reply in found} == {"es"}
    assert bot.search("", NOW, "es")[0][1].message.language == "es"
    assert bot.search("", NOW)[0][1].message.language == "en"


def _language(text: str) -> str | None:
    return spoken(text, polyglot().words, least=1)


def test_no_question_of_either_book_is_taken_for_the_other() -> None:
    english = {question.text for question in read(QUESTIONS, real_bot().kb)}
    spanish = {
        line.text
        for path in (SPANISH / "knowledge/phrases").rglob("*.txt")
        for line in phrase_lines(path)
        if path.stem != spanish_bot().kb.roles.values.foreign
    }
    in_spanish = "¿cómo borro un mensaje que ya mandé?"
    assert {text for text in english if _language(text) == "es"} == {in_spanish}
    assert {text for text in spanish if _language(text) == "en"} == set()


def test_one_book_takes_no_notice_of_languages() -> None:
    reply, session = real_bot().reply(
        Session(), Said("7", PREGUNTA, NOW, language="es")
    )
    assert reply.text.startswith("I only understand English.")
    assert "language" not in codec.encode(session)
    kept = Session(language="es")
    assert (
        real_bot().reply(kept, Said("7", "whatsapp", NOW))[0].message.language == "en"
    )


def test_two_books_in_one_language_are_refused(tmp_path: Path) -> None:
    copytree(TOY, tmp_path / "toy")
    with pytest.raises(KnowledgeError, match="another book is in `en` too"):
        open_books("checked", [tmp_path / "toy"], top=TOY)


async def test_all_books_are_read_anew() -> None:
    bot = open_books("checked", [SPANISH], top=TOY)
    before = bot.books
    await bot.reload("guide", TOY)
    assert [book.kb.edition for book in bot.books] == ["guide", "guide"]
    assert bot.others[0] is not before[1]
    assert len(bot.figures()["book"]) == 2


def test_the_terminal_and_a_single_question_choose_too(tmp_path: Path) -> None:
    more = {"TAKEBACK_MORE_BOOKS": str(SPANISH)}
    lines = "how do i get my parcel back\nborrar un mensaje\n1\n/quit\n"
    done = run("chat", home=tmp_path, given=lines, more=more)
    assert done.stderr == ""
    assert "Un mensaje de WhatsApp se puede eliminar" in done.stdout
    done = run("ask", "borrar un mensaje de telegram", home=tmp_path, more=more)
    assert done.stdout.startswith("Sí.")
    done = run(
        "ask", "--why", "borrar un mensaje de telegram", home=tmp_path, more=more
    )
    assert "recuperar" in done.stdout


def test_the_spanish_book_alone_is_as_before() -> None:
    assert spanish_bot().books == (spanish_bot(),)

"""Which answers stand on which page, and what leads from one to another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.channels.telegram import deep_links
from bot.dialogue import callback_data
from bot.dialogue.actions import Scene, arrive
from bot.dialogue.session import Session
from bot.dialogue.tree import Answer
from bot.dialogue.turn import Trace
from bot.errors import BotError
from bot.responses import template_errors
from bot.responses.markup import Message, lead, to_plain
from bot.responses.renderer import Renderer
from bot.tools.every_answer import NOW
from bot.tools.page import asset, page
from bot.tools.services_table import Service, services
from bot.tools.site.html import html, without_lead
from bot.tools.site.words import words_script

if TYPE_CHECKING:
    from markupsafe import Markup

FOLDER = "_site"
"""Of the templates."""
STYLE, SCRIPT, WORDS = "site.css", "site.js", "words.js"


@dataclass(frozen=True)
class Section:
    """One answer: what a service says to a topic."""

    topic: str
    label: str
    """The question, so that who sees nothing but this knows what is answered."""
    message: Message
    ask: str | None
    """Opens the bot at this answer."""
    related: tuple[tuple[str, str], ...]
    """Labels and addresses, as seen from a page in a folder."""

    @property
    def html(self) -> Markup:
        return html(self.message)

    @property
    def verdict(self) -> str:
        return lead(self.message)

    @property
    def rest(self) -> Markup:
        """All but the verdict."""
        return html(without_lead(self.message))


@dataclass(frozen=True)
class ServicePage:
    """A service, or one kind of its messages."""

    name: str
    service: Service
    sections: tuple[Section, ...]

    @property
    def label(self) -> str:
        return self.service.label

    @property
    def path(self) -> str:
        return f"services/{self.name}.html"


@dataclass(frozen=True)
class TopicPage:
    """A topic: what holds anywhere, and where the services differ."""

    name: str
    label: str
    about: str
    general: Section
    services: tuple[tuple[ServicePage, Section], ...]

    @property
    def path(self) -> str:
        return f"topics/{self.name}.html"


@dataclass
class Site:
    renderer: Renderer
    top: Path
    bot: str | None = None
    """The bot's name on Telegram, without @."""

    def files(self) -> dict[str, str]:
        """All files by their path. Raises BotError and TemplateFault."""
        made = {"index.html": self._page("site_index", "", self.say("heading"))}
        for service in self.services:
            made[service.path] = self._page(
                "site_service", "../", service.label, service=service
            )
        for topic in self.topics:
            made[topic.path] = self._page("site_topic", "../", topic.label, topic=topic)
        return (
            made | {name: asset(name) for name in (STYLE, SCRIPT)} | {WORDS: self.words}
        )

    @property
    def words(self) -> str:
        """What the search knows."""
        kb = self.renderer.kb
        listed = {s.path: s.service for s in (*self.most_used, *self.services)}
        asked = {
            topic.name: (topic.label, kb.topics[topic.name].label, topic.about)
            for topic in self.topics
        }
        return words_script(kb, listed, asked)

    def _page(self, name: str, up: str, heading: str, **values: object) -> str:
        return page(
            name,
            lang=self.renderer.kb.language_code,
            up=up,
            heading=heading,
            site=self,
            say=self.say,
            chat=f"https://t.me/{self.bot}" if self.bot else None,
            **values,
        )

    @property
    def stems(self) -> list[str]:
        """The topics that have pages: what the menu offers comes first."""
        return list(self.general)

    @property
    def _menu(self) -> list[str]:
        """The topics that are offered to whoever asks for help."""
        topics = self.renderer.kb.roles.topics
        return [topics.default, *self.renderer.kb.topics[topics.help].next]

    @cached_property
    def general(self) -> dict[str, Message]:
        """By topic, what is answered where no service is known."""
        kb = self.renderer.kb
        there = dict.fromkeys([*self._menu, *kb.topics])
        domain = [stem for stem in there if kb.topics[stem].scope == "domain"]
        found = {stem: self._answer(stem, {}) for stem in domain}
        # One that asks for a service first is a card of it: here each has its page.
        return {stem: message for stem, message in found.items() if message}

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The same as text, to be held against what a service says."""
        return {stem: to_plain(message) for stem, message in self.general.items()}

    @cached_property
    def services(self) -> list[ServicePage]:
        kb, made = self.renderer.kb, []
        for service in services(kb):
            known = {k: v for k, v in service.known(kb).items() if v}
            sections = tuple(self._sections(known))
            name = "-".join(known.values())
            made.append(ServicePage(name, service, sections))
        return sorted(made, key=lambda found: found.label.casefold())

    @property
    def most_used(self) -> list[ServicePage]:
        """Those that are offered first where a service is asked for."""
        kb = self.renderer.kb
        first = kb.slots[kb.roles.slots.service].shown
        return [s for stem in first for s in self.services if s.service.stem == stem]

    @property
    def main_topics(self) -> list[TopicPage]:
        """Those that the menu offers."""
        return [topic for topic in self.topics if topic.name in self._menu]

    @property
    def further_topics(self) -> list[TopicPage]:
        return [topic for topic in self.topics if topic.name not in self._menu]

    @cached_property
    def topics(self) -> list[TopicPage]:
        kb, made = self.renderer.kb, []
        for stem in self.stems:
            general = self._section(stem, {}, self.general[stem], ())
            listed = tuple(
                (service, section)
                for service in self.services
                for section in service.sections
                if section.topic == stem
            )
            about = kb.topics[stem].about
            made.append(TopicPage(stem, general.label, about, general, listed))
        return made

    @property
    def newest(self) -> str:
        """The day of the newest check."""
        kb = self.renderer.kb
        checks = (
            claim.checked.checked
            for service in services(kb)
            for claim in service.claims.values()
            if claim.checked
        )
        return max(checks).isoformat()

    def _sections(self, known: Mapping[str, str]) -> Iterator[Section]:
        """What a service says otherwise than all of them together."""
        found = {stem: self._answer(stem, known) for stem in self.stems}
        there = {
            stem: message
            for stem, message in found.items()
            if message and to_plain(message) != self._plain.get(stem)
        }
        for stem, message in there.items():
            yield self._section(stem, known, message, there.keys())

    def _section(
        self,
        stem: str,
        known: Mapping[str, str],
        message: Message,
        here: Collection[str],
    ) -> Section:
        kb = self.renderer.kb
        ask = None
        if self.bot:
            payload = deep_links.answer_payload(kb, stem, known)
            ask = deep_links.address(self.bot, payload) if payload else None
        related = {}
        for button in message.buttons:
            place = callback_data.decode(kb, button.value)
            topic = place[0] if place else stem
            if topic != stem and topic in self.general:
                related[topic] = (
                    f"#{topic}" if topic in here else f"../topics/{topic}.html"
                )
        labelled = tuple((self._question(t), link) for t, link in related.items())
        return Section(stem, self._question(stem), message, ask, labelled)

    def _question(self, stem: str) -> str:
        """A topic as a question that is understood without its answer."""
        label = self.renderer.kb.topics[stem].label
        return self.say("question", topic=stem, label=label)

    def _answer(self, stem: str, known: Mapping[str, str]) -> Message | None:
        """What is answered at once; a page cannot be told more, so it asks nothing."""
        kb = self.renderer.kb
        turn = arrive(Scene(kb, Session(), NOW), stem, known, Trace(None, None))
        if not isinstance(turn.outcome, Answer):
            return None
        told = turn._replace(outcome=replace(turn.outcome, refine=()))
        return self.renderer.reply(told, NOW).message

    @cached_property
    def _jinja(self) -> SandboxedEnvironment:
        return SandboxedEnvironment(
            loader=FileSystemLoader(self.renderer.templates.folder / FOLDER),
            undefined=StrictUndefined,
            autoescape=False,
        )

    def say(self, name: str, **values: object) -> str:
        """The site's own words, plain. Raises BotError."""
        file = f"{name}.md.j2"
        try:
            return self._jinja.get_template(file).render(**values).strip()
        except TemplateError as error:
            folder = f"templates/{self.renderer.kb.language_code}/{FOLDER}"
            said = template_errors.reason(error)
            raise BotError(f"{folder}/{file}:1: {said}") from None

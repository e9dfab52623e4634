"""What the search in the first page knows: the words of each topic, the names of services.

A word tells of a topic what the phrases of that topic say more often than others do. The
forms of a word stand together, so that the page needs no grammar.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import dumps

from bot.knowledge.model import KnowledgeBase
from bot.tools.services_table import Service

_PLAIN = re.compile(r"[^/{}=|()]+")
"""A name that is no pattern."""
_WORD = re.compile(r"[^\W_]+")
_RARE = 6
"""Phrases that a word stands in at least, to tell anything."""
_DOUBT = 8.0
"""Phrases of any topic that a word is thought to stand in besides, unseen."""
_OWN = 4
"""Phrases that what a topic says of itself counts for."""
_EVEN = 0.7
"""How far many phrases of a topic are made even with few of another: 1 wholly."""
_TELLING = 0.9
"""Bits that a word has to tell of a topic."""
_LEAST = 7
"""The least weight that a word has for the topic that it tells most of."""
_STEP = 4
"""Parts of a bit that are told apart."""
_TOPICS = 3
"""Topics of a word, the most telling ones."""
_FORMS = 5
_OFTEN = 3
"""Names of a service that a word stands in to be one of its own."""
_SPREAD = 12
"""Pages that a word of their names leads to at most."""
_MAIN = 0.45
"""A deed is asked about in the main topic, unless so much of its use is of another."""
_DEED = 10


def words_script(
    kb: KnowledgeBase, services: Mapping[str, Service], own: Mapping[str, Sequence[str]]
) -> str:
    """A script, since a page that is opened from a folder may read nothing else.

    `services` are by page, the first ones to be found first; `own` is what each topic says
    of itself.
    """
    told = {
        "topics": list(own),
        "services": list(_names(kb, services)),
        "words": "\n".join(_topic_words(kb, own)),
    }
    return f"var takebackWords = {dumps(told, ensure_ascii=False)};\n"


def _topic_words(kb: KnowledgeBase, own: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A line a word: its forms, and the numbers of its topics with their weights."""
    language, main, topics = kb.language, kb.roles.topics.default, list(own)
    names = (name for platform in kb.platforms.values() for name in platform.names)
    named = {said[0] for name in names if len(said := language.tokenize(name)) == 1}
    size: Counter[str] = Counter()
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for topic, text, times in _texts(kb, own):
        size[topic] += times
        words = set(language.tokenize(text)) - named
        for word in words:
            forms[language.stem(word)][word] += times
        for stem in {language.stem(word) for word in words}:
            uses[stem][topic] += times
    # The name of a kind of messages tells only of topics that are about it by name.
    said_of = {
        topic: {
            language.stem(w) for text in own[topic] for w in language.tokenize(text)
        }
        for topic in topics
    }
    kinds = {
        language.stem(word)
        for platform in kb.platforms.values()
        for kind in platform.kinds.values()
        for word in _plain(kind.names)
    }
    deeds = {language.stem(word) for word in kb.words.acts}
    for stem in sorted(uses):
        found = uses[stem]
        if found.total() < _RARE or not stem.isalpha():
            continue
        share = _shares(found, size)
        weights = {t: _weight(share[t] * len(size)) for t in share if t in own}
        if stem in deeds and max(share.values()) < _MAIN:
            weights = {t: weight // 2 for t, weight in weights.items()}
            weights[main] = _DEED
        if stem in kinds:
            weights = {t: w for t, w in weights.items() if stem in said_of[t]}
        telling = sorted(
            ((w, t) for t, w in weights.items() if w), key=lambda it: (-it[0], it[1])
        )
        if telling and telling[0][0] >= _LEAST:
            there = forms[stem].most_common(_FORMS)
            told = [word for word, times in there if times > 1] or [there[0][0]]
            weighed = (f"{topics.index(t)}={w}" for w, t in telling[:_TOPICS])
            yield f"{' '.join(told)}:{' '.join(weighed)}"


def _texts(
    kb: KnowledgeBase, own: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, int]]:
    """What is said of each topic, and how often that counts."""
    roles = kb.roles
    stuck = roles.topics.steps_failed
    failed = {f"{roles.topics.default}/{aspect}" for aspect in roles.values.closed}
    for label, phrases in kb.phrases.items():
        topic = label.partition("/")[0]
        for text in phrases:
            yield topic, text, 1
            if label in failed and stuck:
                yield stuck, text, 1
    for text in kb.words.stuck if stuck else ():
        yield stuck, text, 1
    for topic, texts in own.items():
        for text in texts:
            yield topic, text, _OWN


def _shares(uses: Mapping[str, int], size: Mapping[str, int]) -> dict[str, float]:
    """How much of a word's use is of each topic, if all were asked about as often."""
    rates = {topic: n / size[topic] ** _EVEN for topic, n in uses.items()}
    all_rates, all_uses = sum(rates.values()), sum(uses.values())
    doubt = _DOUBT / len(size)
    return {
        topic: (rate / all_rates * all_uses + doubt) / (all_uses + _DOUBT)
        for topic, rate in rates.items()
    }


def _weight(times: float) -> int:
    """Of a word that is so many times as frequent in a topic as elsewhere."""
    bits = math.log2(times)
    return round(bits * _STEP) if bits > _TELLING else 0


def _names(
    kb: KnowledgeBase, services: Mapping[str, Service]
) -> Iterator[tuple[str, ...]]:
    """Page, its telling words, its names, those of its kind alone, and the weak ones."""
    telling = _telling(kb, services)
    for page, service in services.items():
        platform = kb.platforms[service.stem]
        kind = platform.kinds.get(service.kind)
        names = _plain(platform.names)
        kinds = _plain(kind.names if kind else ())
        weak = _plain(platform.weak)
        texts = ("|".join(it) for it in (telling[page], names, kinds, weak))
        yield (page, *texts)


def _telling(
    kb: KnowledgeBase, services: Mapping[str, Service]
) -> dict[str, list[str]]:
    """By page the words of its label, and those that its names repeat, if few have them."""
    stem, said = kb.language.stem, {}
    nothing = {stem(word) for word in (*kb.words.skip, *kb.words.acts)}
    for page, service in services.items():
        plain = filter(_PLAIN.fullmatch, kb.platforms[service.stem].names)
        texts = (*[service.label] * _OFTEN, *plain)
        times = Counter(w for text in texts for w in set(kb.language.tokenize(text)))
        said[page] = {
            w for w, n in times.items() if n >= _OFTEN and stem(w) not in nothing
        }
    spread = Counter(word for words in said.values() for word in words)
    return {p: sorted(w for w in said[p] if spread[w] <= _SPREAD) for p in said}


def _plain(names: Iterable[str]) -> list[str]:
    """Names without patterns, and without those that another one stands in."""
    said = {
        " ".join(_WORD.findall(name.lower().replace("'", "")))
        for name in names
        if _PLAIN.fullmatch(name)
    }
    there = [f" {name} " for name in said]
    return sorted(
        name.strip()
        for name in there
        if not any(other in name for other in there if other != name)
    )

"""Makes an engine of a book's files: reads them, and fits a classifier to the phrases."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from bot.knowledge import cache_key, last_fit, loader
from bot.knowledge.cache import (
    KEPT,
    QUICK,
    TORN,
    VECTORS,
    Kept,
    folders,
    ordinary_words,
    read_arrays,
    read_vectors,
    write,
)
from bot.knowledge.last_fit import LastFit
from bot.knowledge.training_data import indexes, training_data
from bot.nlu import training
from bot.nlu.classifier import LinearClassifier, restore
from bot.nlu.embeddings import WordEmbeddings
from bot.nlu.engine import NluEngine
from bot.nlu.examples import Examples
from bot.nlu.language import Language
from bot.nlu.training import Pulls


def learned(top: Path, cache: Path | None, name: str, *, quick: bool) -> Kept:
    """What is made of the files anew, and kept under a name.

    Raises KnowledgeError with all that is wrong with the files.
    """
    kb = loader.load(top)
    vectors = read_vectors(top, kb.language_code)
    ordinary = ordinary_words(top, kb.language, vectors)
    fitting = fitting_of(top, kb.language_code)
    last = last_fit.read(cache, top, fitting) if quick and cache else None
    fitter = _Fitter(fitting, (*folders(top, cache),), last and last.pulls)
    names = indexes(kb)
    data = training_data(kb, names)
    if last:
        data = data._replace(read=last.words)
    trained = NluEngine.train(data, ordinary, vectors, fitter.fit)
    # What the phrases say goes into the model; talking needs their labels only.
    labels: dict[str, tuple[str, ...]] = dict.fromkeys(kb.phrases, ())
    talking = replace(kb, phrases=labels, phrase_actions={})
    found = Kept(talking, names, trained.model, trained.spelling.counts)
    if cache:
        name = QUICK + name if fitter.examples.startswith(QUICK) else name
        write(cache / name, found, fitter.examples)
        if fitter.pulls:
            texts = (phrase for phrase, _, _ in data.phrases)
            words = dict(zip(texts, fitter.words, strict=True))
            last_fit.write(cache, top, fitting, LastFit(words, fitter.pulls))
    return found


@dataclass
class _Fitter:
    """Fits a classifier, unless one of the kept engines was fitted to the same examples.

    Most changes of a book are none of its phrases: a claim, a tree.
    """

    fitting: str
    folders: tuple[Path, ...]
    before: Pulls | None = None
    """Where a quick fit starts."""
    examples: str = ""
    """Names what was fitted to, once it is known."""
    words: tuple[tuple[str, ...], ...] = ()
    pulls: Pulls | None = None
    """Those of the examples, and where the fit ended, if there was one."""

    def fit(
        self, examples: Examples, language: Language, vectors: WordEmbeddings | None
    ) -> LinearClassifier:
        told = repr([*examples]).encode(errors="surrogatepass")
        exact = f"{self.fitting} {hashlib.sha256(told).hexdigest()}"
        accepted = (exact, QUICK + exact) if self.before else (exact,)
        for folder in self.folders:
            for path in sorted(folder.glob(KEPT)):
                with contextlib.suppress(*TORN):
                    arrays = read_arrays(path)
                    if (found := str(arrays["examples"])) in accepted:
                        self.examples = found
                        return restore(arrays, language, vectors)
        self.words = tuple(example.words for example in examples)
        self.examples = QUICK + exact if self.before else exact
        model, self.pulls = training.fitted(examples, language, vectors, self.before)
        return model


def fitting_of(top: Path, code: str) -> str:
    """Names the vectors and the code that fits; each language has its own."""
    room = cache_key.below(Path(training.__file__).parent, ".py")
    made_by = (*room, *cache_key.knowledge_below(top / VECTORS))
    return f"{code}-{cache_key.digest(made_by)[:24]}"

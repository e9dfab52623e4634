"""Words → the numbers of their features: stems, their neighbours, pieces of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from zlib import crc32

from bot.nlu.language import Language
from bot.nlu.tokenizer import LONGEST_WORD

PIECES = (3, 4)
"""Letters in the pieces of a word, its edges counted."""


def features(
    words: Sequence[str], language: Language
) -> tuple[dict[int, None], dict[int, None]]:
    """Two blocks of numbers: stems with their neighbours, and pieces of words.

    A number stands for a text; 60,000 of them have one chance in three that any two are
    the same, and then two features of a book are one.
    """
    pieces = dict.fromkeys(piece for word in words for piece in char_ngrams(word))
    return word_ngrams(words, language), pieces


def word_ngrams(words: Sequence[str], language: Language) -> dict[int, None]:
    """Stems and their neighbours."""
    numbered = _numbering(language)
    stems = [numbered(word) for word in words]
    found = dict.fromkeys([number for _, number in stems])
    before = crc32(b"^")
    for text, number in (*stems, (b"$", 0)):
        found[crc32(text, crc32(b" ", before))] = None
        before = number
    return found


@cache
def _numbering(language: Language) -> Callable[[str], tuple[bytes, int]]:
    """Finds a word's stem and its number."""

    def numbered(word: str) -> tuple[bytes, int]:
        stem = word if word.startswith("{") else language.stem(word)
        text = stem.encode(errors="surrogatepass")
        return text, crc32(text)

    remembered = lru_cache(maxsize=1 << 11)(numbered)
    return lambda w: (remembered if len(w) <= LONGEST_WORD else numbered)(w)


def char_ngrams(word: str) -> tuple[int, ...]:
    """What a word is made of, marked so that no piece is taken for a word."""
    if word.startswith("{"):
        return ()
    text = f"<{word}>"
    if text.isascii():
        whole = text.encode()
        cut = [whole[at : at + n] for n in PIECES for at in range(len(whole) - n + 1)]
    else:
        parts = (text[at : at + n] for n in PIECES for at in range(len(text) - n + 1))
        cut = [part.encode(errors="surrogatepass") for part in parts]
    return tuple(dict.fromkeys([crc32(piece, _PIECE) for piece in cut]))


_PIECE = crc32(b"#")

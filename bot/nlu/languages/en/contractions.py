"""What English runs together in a chat: "don't", "dont", "im", "gonna", "u"."""

from bot.nlu.tokenizer import Contractions

_TAILS = {
    "m": "am",
    "re": "are",
    "ve": "have",
    "ll": "will",
    "d": "would",
}
_ASKING = ("what", "how", "where", "who", "when", "why", "which")
_IS = frozenset((*_ASKING, "that", "this", "it", "there", "here", "he", "she"))
_NEGATED = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_NOT = (
    *("do", "does", "did", "is", "are", "was", "were", "has", "have", "had"),
    *("could", "would", "should", "must", "need", "might"),
)

# Typed without an apostrophe. Those that are words of their own (its, were, well, ill,
# id, hell, shell, wed) stay as they are.
_WRITTEN_OUT: dict[str, tuple[str, ...]] = {
    **{f"{verb}nt": (verb, "not") for verb in _NOT},
    **{f"{word}s": (word, "is") for word in ("what", "how", "where", "who", "that")},
    **{f"{word}s": (word, "is") for word in ("when", "there", "here", "he", "she")},
    **{f"{word}ve": (word, "have") for word in ("i", "you", "they", "we")},
    **{f"{word}ve": (word, "have") for word in ("could", "would", "should")},
    **{f"{word}ll": (word, "will") for word in ("you", "they", "it", "that")},
    **{f"{word}re": (word, "are") for word in ("you", "they")},
    "im": ("i", "am"),
    "cant": ("can", "not"),
    "cannot": ("can", "not"),
    "wont": ("will", "not"),
    "aint": ("is", "not"),
    "lets": ("let", "us"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "gimme": ("give", "me"),
    "lemme": ("let", "me"),
    "dunno": ("do", "not", "know"),
    "u": ("you",),
    "ur": ("your",),
    "pls": ("please",),
    "plz": ("please",),
    "thx": ("thanks",),
    "cuz": ("because",),
    "accnt": ("account",),
    "notif": ("notification",),
    "noti": ("notification",),
    "notifs": ("notifications",),
    "notis": ("notifications",),
    "b4": ("before",),
}


def _parted(token: str) -> list[str]:
    """A token cut at its apostrophes, what they stand for written out."""
    parts: list[str] = []
    for tail in token.split("'"):
        last = parts[-1] if parts else ""
        if not last:
            parts.append(tail)
        elif tail == "t" and last.endswith("n"):
            parts[-1:] = [_NEGATED.get(last[:-1], last[:-1]), "not"]
        elif tail == "s":
            parts += ["is"] if last in _IS else ["us"] if last == "let" else []
        else:
            parts.append(_TAILS.get(tail, tail))
    return [part for part in parts if part]


CONTRACTIONS = Contractions(_WRITTEN_OUT, _parted)

"""What a draft is to say besides, as English gives it: "add that the figures are old".

A clause is turned to whoever reads the draft: "his team" is "your team", "she should call"
is "you should call". One that cannot be turned so is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.expressions import Expression

# Every repetition is bounded, so a search takes time in proportion to the text.
_WHOM = r"(?:him|her|them|everyone|everybody|all|(?:my|the|our) \w{1,14})"
_NOT = r"(?<!dont )(?<!don['’]t )(?<!not )(?<!never )"
_I = r"(?:[Ii]['’]?m|[Ii]['’]ve|[Ii]['’]?ll|[Ii]|we['’]re|we|it['’]?s|it|there|this|nobody|nothing)"
_SUBJECT = (
    rf"(?:{_I}|the|my|our|s?he|they|you|your|his|her|their|that|a|an|all|both|no"
    r"|[A-Z]\w{1,14})"
)
_VERB = (
    r"(?:(?:was|is|are|were|had|have|has|did|do|could|would)(?:n['’]?t)?|am|will|won['’]?t"
    r"|can|can['’]?t|cannot|never|really|only|just|so"
    r"|meant|thought|felt|feel|love|regret|deleted|removed|sent|wrote|know|hope|sorry|very)"
)
_IS = (
    r"(?:is|was|are|were|has|have|had|will|stays?|remains?|went|goes|holds?|contains?)"
)
_REST = r"(?P<words>[^.!?;\n]{6,220}?)"
_END = r"(?:,? (?:please|pls|too|as well|in it|in there|somewhere)){0,2} {0,3}(?:[.!?;\n]|$)"
_LETTER = r"(?:letter|note|draft|words|text|message|mail|e-?mail|reply|apology|line|correction)"
FORMS = (
    # "add that ...", "write her that ...", "say that ..."
    Expression(
        rf"{_NOT}\b(?:[Aa]dd|[Mm]ention|[Ii]nclude|(?<!to )(?<!they )(?<!i )(?<!it )[Ss]ay|(?<!i )[Ww]rite|[Pp]ut"
        rf"|[Ww]ork|[Ww]ant to say|(?<!i )[Tt]ell)(?: {_WHOM})?(?: in| also| too| there| please| me| it){{0,3}},? that "
        rf"(?={_SUBJECT}\b){_REST}{_END}",
        needs=(" that ",),
    ),
    # "mention i was tired", "tell them the room stays the same", "that says it was old"
    Expression(
        rf"{_NOT}\b(?:[Aa]dd|[Mm]ention|[Ii]nclude|(?<!to )(?<!they )(?<!i )(?<!it )[Ss]ay|that says|saying"
        rf"|(?<!to )(?<!i )(?<!you )[Tt]ell {_WHOM})(?: also| please)? "
        rf"(?={_I} {_VERB}\b|[Ii]['’]?m |[Ii]['’]?ll |it['’]s |(?:the|my|our) \w{{1,16}} {_IS}\b)"
        rf"{_REST}{_END}",
        needs=("dd ", "ention ", "nclude ", "ay ", "ell ", "says ", "saying "),
    ),
    # After a colon, as in "a formal letter: the list went out".
    Expression(
        rf"(?<!he )(?<!they )(?<!i )\b(?:[Ww]rite|[Dd]raft|[Ff]ormal|[Ff]riendly|[Pp]lease|should (?:be|say|read)|[Mm]ake it|{_LETTER})\b[^.!?;:\n]{{0,60}}: ?(?P<words>[^.!?;\n\"'“‘«][^.!?;\n]{{11,219}}?){_END}",
        needs=(":",),
    ),
)
ASKS = Expression(
    rf"\b(?:[Aa]sk|asking|[Tt]ell|telling) {_WHOM} (?:also |please )?to (?P<words>(?:not )?[a-z]{{2,14}} [^.!?;\n]{{8,160}}?){_END}",
    needs=("sk ", "sking ", "ell ", "elling "),
)
"""What they are to be asked: "asking her to delete it unopened"."""

_LISTED = re.compile(r", that (?=(?:i|I|we|it|the|my|our)\b)")
"""Behind what the draft is to be like: "two sentences, that I named the wrong firm"."""
_HOW = re.compile(
    r"(?:, (?:and |but )?| (?:and|but) )(?=(?:dont|don['’]t|do not|make it|keep it|no more) )"
)
"""Where it goes on with what the draft is to be like."""
_OF_THE_DRAFT = re.compile(
    r"\b(?:mention|sentences?|formal|professional|shorter|longer|draft|tone|wording|twice|casual"
    r"|friendly|brackets?|polite|grammar|paragraph|greeting|signature)\b",
    re.IGNORECASE,
)
"""What is said of the draft, and not in it."""
_NEXT = re.compile(r",? and (?:also )?that |,? and (?=ask (?:him|her|them) to )")
_TURNED = {
    "him": "you",
    "them": "you",
    "his": "your",
    "their": "your",
    "hers": "yours",
    "theirs": "yours",
    "himself": "yourself",
    "herself": "yourself",
    "themselves": "yourselves",
}
_HER_ALONE = re.compile(
    r"\bher(?= (?:to|that|for|and|or|on|in|at|by|with|about|tomorrow|today|tonight|later|soon|back|again"
    r"|when|if|as|so|the|a|an|this|because|know|not)\b|[ ,.]*$)"
)
_SUBJECTS = re.compile(
    r"\b(?:s?he|they)(?:['’](?P<short>s|re|ll|d|ve)| (?P<verb>\w+(?:['’]t)?))"
)
_AGREES = {"is": "are", "was": "were", "has": "have", "does": "do", "doesn't": "don't"}
_AS_THEY_ARE = frozenset(
    (
        *(
            "should",
            "can",
            "could",
            "must",
            "may",
            "might",
            "will",
            "would",
            "need",
            "are",
        ),
        *(
            "were",
            "have",
            "do",
            "don't",
            "shouldn't",
            "cannot",
            "can't",
            "won't",
            "had",
            "did",
        ),
        *(
            "got",
            "saw",
            "read",
            "received",
            "asked",
            "wrote",
            "sent",
            "never",
            "deleted",
        ),
    )
)
_SHORT = {"s": "’re", "re": "’re", "ll": "’ll", "d": "’d", "ve": "’ve"}


def sentences(words: str) -> Iterator[str]:
    """The clauses of what is to be added, each turned to the reader."""
    if listed := _LISTED.search(words):
        words = words[listed.end() :]
    words = _HOW.split(words)[0]
    if _OF_THE_DRAFT.search(words):
        return
    words = words.replace(" and not to ", " and do not ").replace(" and to ", " and ")
    for clause in _NEXT.split(words):
        if turned := _turned(clause.strip(" ,")):
            yield turned


def _turned(clause: str) -> str:
    """The clause to whoever reads it, or nothing where its verb is not known."""
    known = True

    def subject(found: re.Match[str]) -> str:
        nonlocal known
        if short := found["short"]:
            return f"you{_SHORT[short]}"
        verb = found["verb"]
        known &= verb in _AGREES or verb in _AS_THEY_ARE
        return f"you {_AGREES.get(verb, verb)}"

    turned = _SUBJECTS.sub(subject, clause)
    turned = _HER_ALONE.sub("you", turned)
    turned = re.sub(r"\bher\b", "your", turned)
    turned = re.sub(r"\w+", lambda word: _TURNED.get(word[0], word[0]), turned)
    return turned if known and not re.search(r"\b(?:s?he|they)\b", turned) else ""

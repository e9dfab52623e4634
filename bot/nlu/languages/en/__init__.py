"""English."""

import re

from bot.nlu.expressions import Expression
from bot.nlu.language import (
    ClausePatterns,
    Language,
    NamingWords,
    StatementPatterns,
    TimeWords,
)
from bot.nlu.languages.en.clock_times import CLOCK
from bot.nlu.languages.en.contractions import CONTRACTIONS
from bot.nlu.languages.en.dates import DATES
from bot.nlu.languages.en.deeds import told
from bot.nlu.languages.en.durations import DURATIONS
from bot.nlu.languages.en.put_right import PUT_RIGHT

_QUESTION = (
    r"(?:will|does|do|did|can|could|is|are|how|what|when|why|would|should|who|where"
    r"|whether)\b"
)
_WONDERS = (
    r"(?:any(?:one|body|thing)?\b.{0,12}\b(?:way|chance|hope|idea|know|do)"
    r"|(?:the (?:main |only |real )?(?:thing|question)\b.{0,30}\b(?:is|know)"
    r"|(?:i|we)(?: as [\w ]{3,30})? (?:just |only |really |also )?"
    r"(?:need|want|would like|have) to know"
    r"|(?:i am |i'm )?(?:just |now )?wondering|i wonder"
    r"|(?:i have |i've |i am |i'm )?(?:no idea|not sure|unsure|(?:do not|don't|dont) know)"
    r" (?:if|how|what|who|when|where)|(?:please |pls )?(?:tell|explain)(?: to)? me"
    r"|which|(?:was|were|has|have|had|am|may|must|shall)"
    r" (?:i|we|you|he|she|they|it|that|this|there|the|my|his|her))\b)"
)
_ASKS_OF = (
    r"(?:can|could|do|did|must|should|shall|is|are|will|would|does|may)"
    r" (?:i|we|you|he|she|they|it|this|that|there)\b"
)


def _not_after(words: str) -> str:
    """A place behind none of these words."""
    return "".join(rf"(?<! {word})" for word in words.split())


_CARRIED = frozenset(
    {"from", "on", "in", "via", "using", "with", "through", "by", "as"}
)

LANGUAGE = Language(
    code="en",
    stemmer="english",
    clauses=ClausePatterns(
        cut=Expression(
            rf"[?!.;\n]+|,? \b(?=(?:and|also|plus|but|or)\b (?:also |then )?{_QUESTION})"
            # "..., do the credits come back", but not "..., who is my boss".
            r"|, (?=(?:will|does|do|did|can|could|is|are|would|should) (?:i|we|he|she|they"
            r"|it|the|my|his|her|someone|anyone|there|that|this)\b)"
            r"|, (?=(?:how|what|where) (?:do|can|could|should|shall|will|would) (?:i|we)\b)"
            r"|,? \b(?=(?:and )?whether\b)"
            # "..., any way to get it back".
            r"|, (?=(?:and |but |so )?(?:any (?:way|chance|hope|idea)|the (?:only )?(?:thing"
            r"|question)|i (?:just |only |really )?(?:need|want) to know|tell me)\b)",
            re.IGNORECASE,
        ),
        asks=Expression(
            rf"\W{{0,3}}(?:(?:and|also|plus|but|or|so|please|pls|ok|just)\b,? ){{0,2}}"
            rf"(?:also |then )?(?:{_QUESTION}|{_WONDERS})",
            re.IGNORECASE,
        ),
        quotation=Expression(
            # "Will it say ..." quotes the app, and no message.
            r"(?P<said>\b(?:wrote|write|said|(?<!it )say|saying|says|sent|texted|typed"
            r"|message|called)\W{1,3}"
            # Nor does "it says" before the word of a mark: "edited", "seen".
            r"(?![\"“'](?:[\w’]{1,12} ){0,4}(?:edited|deleted|unsent|removed|recalled"
            r"|retracted|seen|read|opened|delivered|sent|failed)[.!]?[\"”']))?(?:\"(?P<a>[^\"]{2,400})\"|“(?P<b>[^”]{2,400})”"
            r"|(?<!\w)'(?P<c>[^']{2,400})'(?!\w))",
            re.IGNORECASE,
        ),
        leads_up=Expression(
            r"\W{0,3}(?:and |but |so )?(?:if|when|after|before|once|since|while|because"
            r"|as|given)\b",
            re.IGNORECASE,
        ),
        begins=Expression(
            # "I do not know what can I do", and "what I did it is", have one clause.
            rf"(?:{_not_after('i he she we they you it the if or and but who how why that')}"
            rf"{_not_after('what when where which than')} (?={_ASKS_OF})"
            rf"|{_not_after('know if and or but knows see tell')} "
            rf"(?=(?:how|what|when|where|why) {_ASKS_OF}))",
            re.IGNORECASE,
        ),
        inverts=Expression(
            # Not "so can I", and not "I can my friend can".
            rf"{_not_after('i he she we they you the if that than as so nor neither')} "
            rf"(?:{_ASKS_OF}|(?:does|will|can|would|could|should) (?:the|my|his|her|their|other"
            r"|somebody|someone|anybody|anyone|everybody|everyone|people)\b)",
            re.IGNORECASE,
        ),
    ),
    naming=NamingWords(
        denial="not",
        denied=frozenset({"not", "never", "yet"}),
        between=frozenset({"on", "in", "at", "by", "from", "via", "with", "the", "a"}),
        owned=frozenset(
            {
                *("my", "our", "his", "her", "their", "your", "the", "a", "an"),
                *("private", "personal", "work", "business", "company", "office"),
                *("own", "old", "new", "second", "other", "school", "normal"),
            }
        ),
        at=frozenset({"on", "in", "at", "via"}),
        carried=_CARRIED,
        carries=_CARRIED - {"with"} | {"over"},
        towards=frozenset({"to", "into"}),
        joins=frozenset({"and", "or", "nor", "vs", "versus"}),
        moved=frozenset({"moved", "switched", "went", "changed"}),
        left=frozenset({"from"}),
        asked_too=frozenset({"about"}),
        same=frozenset({"same", "question", "goes", "holds"}),
        holding=frozenset(
            {
                *("have", "has", "had", "use", "uses", "using", "read", "reads"),
                *("open", "opens", "check", "checks", "got", "is", "are"),
            }
        ),
        holders=frozenset(
            {
                *("he", "she", "they", "some", "most", "half", "others", "many", "few"),
                *("recipient", "recipients", "client", "clients", "customer", "friend"),
                *("people", "them", "colleagues", "boss", "who", "everyone"),
                *("person", "receiver", "contact", "addressee", "supplier", "other"),
                *(
                    "parent",
                    "parents",
                    "mother",
                    "father",
                    "mum",
                    "mom",
                    "dad",
                    "pupil",
                ),
                *("student", "teacher", "patient", "applicant", "landlord", "tenant"),
                *(
                    "neighbour",
                    "neighbor",
                    "sister",
                    "brother",
                    "aunt",
                    "uncle",
                    "cousin",
                ),
                *("wife", "husband", "lady", "woman", "man", "guy", "girl"),
            }
        ),
    ),
    durations=DURATIONS,
    clock=CLOCK,
    dates=DATES,
    time_words=TimeWords(
        seconds=("second", "seconds"),
        minutes=("minute", "minutes"),
        hours=("hour", "hours"),
        days=("day", "days"),
        months=(
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        between="{} to {}",
        almost="almost {}",
        about="about {}",
        at_least="at least {}",
        vague="some time",
        moments="moments",
        ahead="in {}",
        day="{day} {month} {time}",
        month="{month} {year}",
    ),
    contractions=CONTRACTIONS,
    capitals=frozenset({"I"}),
    told=told,
    put_right=PUT_RIGHT,
    statements=StatementPatterns(
        refuses=Expression(
            r"\b(cannot|can not|can't|(does not|doesn't|no longer) works?|never|nothing"
            r"|(is|are) (not possible|impossible)|leaves? (no|none)|tells nobody"
            r"|(has|have) no (bin|way|edit|undo))\b"
        ),
        grants=Expression(
            r"\b(can ((also|still|always|most likely) )?be|works?|(is|are) possible"
            r"|for everyone|at any time)\b"
        ),
        denies=Expression(
            r"\b(not|cannot|can't|no|none|never|nothing|nobody|neither|only|alone"
            r"|without|unless)\b"
        ),
        leaves=Expression(r"\b(note|line|gap|mark|notice|placeholder)\b"),
        unlimited=Expression(r"\b(no|not|none|any|always|without)\b"),
        sentence=Expression(r"[.:;](?:\s|$)| but "),
    ),
)

"""How English names the day, month, season or year: "from 2021", "on the 3rd of may"."""

from bot.nlu.dates import DateGrammar
from bot.nlu.expressions import Expression

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_SHORT = {month[:3]: month for month in _MONTHS} | {"sept": "september"}
_MONTH_NUMBERS = {month: number for number, month in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {short: _MONTH_NUMBERS[month] for short, month in _SHORT.items()}
_MONTH = "|".join((*_MONTHS, *sorted(_SHORT, key=len, reverse=True)))

_EASTER_DAYS = 35
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins."""
_FEASTS = {
    "new year eve": (12, 31, 1), "new years eve": (12, 31, 1), "nye": (12, 31, 1),
    "new year day": (1, 1, 1), "new years day": (1, 1, 1), "new year": (12, 31, 2),
    "new years": (12, 31, 2), "valentine day": (2, 14, 1), "valentines day": (2, 14, 1),
    "valentines": (2, 14, 1), "easter": (3, 22, _EASTER_DAYS), "halloween": (10, 31, 1),
    "thanksgiving": (11, 22, 7), "christmas eve": (12, 24, 1),
    "christmas day": (12, 25, 1), "boxing day": (12, 26, 1), "christmas": (12, 24, 3),
    "xmas": (12, 24, 3),
}  # fmt: skip
"""Month, day and days of what may be meant."""
_FEAST = "|".join(sorted(_FEASTS, key=len, reverse=True))

_LED = (
    r"(?P<lead>(?:from )?back (?:in|at|on)|from|of|dated|since|last|this past|past|in|on|at"
    r"|over|around|during|this)(?: (?:the|early|mid|late|about|around)){0,2}"
)
_YEAR = r"(?P<year>19[89]\d|20\d\d)"
_WHOLE_YEAR = Expression(rf"\b{_LED} {_YEAR}\b")
_OWN_YEAR = Expression(
    r"\b(?P<lead>)(?P<year>19[89]\d|20\d\d) (?:message|messages|dm|dms|text|texts"
    r"|email|emails|mail|chat)\b"
)
_OF_MONTH = Expression(rf"\b{_LED} (?P<month>{_MONTH})\b(?: (?:of )?{_YEAR}\b)?")
_DAY = Expression(
    rf"\b(?:(?P<lead>on|from|since|of) )?(?:the )?(?:(?P<day>[1-9]|[12]\d|3[01])"
    rf"(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})|(?P<month2>{_MONTH})(?: the)?"
    rf" (?P<day2>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)\b(?: {_YEAR}\b)?"
)
_DAY_ONLY = Expression(
    r"\b(?P<lead>on|from|since) the (?P<day>[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"
    r"(?= (?:at|and|but|can|i|so|to|by|is|how|what|it|he|she|they|will|do|does|on|via"
    r"|from|still|not|already|now|of this month|of last month)\b|$)"
)
_OF_SEASON = Expression(
    rf"\b{_LED} (?P<season>{'|'.join(_SEASONS)})\b(?: (?:of )?{_YEAR}\b)?"
)
_OF_FEAST = Expression(rf"\b{_LED} (?P<feast>{_FEAST})\b(?: (?:of )?{_YEAR}\b)?")
_AGED = Expression(
    r"\b(?:iphones?|ipads?|ipods?|macbooks?|macs?|imacs?|phones?|mobiles?|laptops?"
    r"|computers?|pcs?|tablets?|devices?|watch|samsung|pixel|android|ios|windows|apps?"
    r"|versions?|accounts?|profiles?|model|friends?|colleagues?|guy|man|woman|girl|boy"
    r"|client|company|school|job|together|dating|married|known|know|met|worked|working"
    r"|members?|customers?|users?|used|using|here|rule|law|article|post|page|thread"
    r"|backups?)(?: \d{1,2})? $"
)
DATES = DateGrammar(
    months=_MONTH_NUMBERS,
    seasons=_SEASONS,
    feasts=_FEASTS,
    day=_DAY,
    of_message=_OWN_YEAR,
    others=(_DAY_ONLY, _OF_FEAST, _OF_MONTH, _OF_SEASON, _WHOLE_YEAR),
    doubtful=frozenset(("may", "march")),
    free=frozenset(
        (
            *("from", "from back in", "from back at", "of", "dated", "since"),
            *("last", "this past", "past"),
        )
    ),
    own=("from", "of", "dated"),
    sent=Expression(
        r"\b(?:sent|send|texted|wrote|posted|mailed|emailed|messaged|dmed|was|went|happened"
        r"|written|did)\b"
    ),
    read=Expression(
        r"\b(?:read|reads|saw|seen|opened|viewed|changed|update|updated)\b"
    ),
    aged=_AGED,
    bought=frozenset(
        (
            *(
                "phone",
                "iphone",
                "ipad",
                "mac",
                "macbook",
                "imac",
                "laptop",
                "computer",
            ),
            *("pc", "tablet", "model", "version", "account", "profile", "watch"),
        )
    ),
    number=Expression(r"\d{4}|\d{1,2}(?:st|nd|rd|th)"),
    otherwise=frozenset(
        ("remind", "schedule", "scheduled", "scheduling", "tomorrow", "deliver", "born")
    ),
    cues=frozenset((*_MONTH_NUMBERS, *_SEASONS, *" ".join(_FEASTS).split())) - {"day"},
)

"""How English tells the time and the day of the week: "at 3pm", "on friday"."""

from bot.nlu.clock_times import ClockGrammar
from bot.nlu.expressions import Expression

_DAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_PARTS = {
    "early morning": 6,
    "morning": 9,
    "lunchtime": 12,
    "noon": 12,
    "afternoon": 15,
    "evening": 20,
    "night": 22,
}
_PAST = "sent|texted|wrote|posted|mailed|emailed|messaged|dmed|was|went|happened"
_DAY = Expression(
    rf"(?:(?:last|on|since|this past|from) |\b(?:{_PAST})(?: it)? )"
    rf"(?P<day>{'|'.join(_DAYS)})day(?: (?P<daypart>{'|'.join(_PARTS)}))?\b"
    rf"|^(?P<only>{'|'.join(_DAYS)})day$"
)
_CLOCK = r"(?: at| around| about)? (?P<hour>[01]?\d|2[0-3]) (?P<minute>[0-5]\d)\b"
_SENT_DAY = Expression(rf"\b(?P<day>{'|'.join(_DAYS)})day{_CLOCK}")
_THIS_DAY = Expression(
    rf"\b(?:now|today)(?: it)?(?: is)? (?P<day>{'|'.join(_DAYS)})day{_CLOCK}"
)
_TODAY = Expression(
    rf"\b(?:(?:now|today)(?: it)?(?: is)?|it is|its)(?: now| already| only)?"
    rf" (?P<day>{'|'.join(_DAYS)})day\b(?: (?P<daypart>{'|'.join(_PARTS)})\b)?"
)
_PLANNED = Expression(
    rf"\b(?:have|has|got|is|are|starts|due)"
    rf"(?: (?!(?:sent|not|{_PAST})\b)[a-z]{{1,20}}){{1,3}}"
    rf" on (?:{'|'.join(_DAYS)})day(?: (?:morning|afternoon|evening|night))?$"
)
_NO_COUNT = r"\b(?! (?:[a-z]*s|min|sec|hr|people)\b)"
"""It is no number of things: "at nine", not "at nine companies"."""
_TIME = Expression(
    r"\b(?:(?P<at>at|around|about|since|is|its|was|now) )?"
    r"(?P<hour>[01]?\d|2[0-3])(?: ?(?<!\d)(?P<minute>[0-5]\d))?"
    r"(?: ?(?P<half>[ap]) ?m\b| (?P<part>o clock|in the (?:morning|afternoon|evening)"
    rf"|this (?:morning|afternoon|evening)|today|tonight)\b|(?![\w]| \d){_NO_COUNT})"
)
_HOURS = (
    *("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven"),
)
_NAMED = {"noon": 12, "midday": 12, "midnight": 0}
_STEPS = {
    "quarter": 15,
    "half": 30,
    "five": 5,
    "ten": 10,
    "twenty": 20,
    "twenty five": 25,
}
_HOUR = "|".join((*_HOURS, "1[0-2]", r"\d"))
_STEP = "|".join((*sorted(_STEPS, key=len, reverse=True), r"\d{1,2}"))
_SPOKEN = Expression(
    rf"\b(?:(?:at|around|about|since) )?(?:a )?(?P<step>{_STEP}) (?:minutes )?"
    rf"(?P<side>past|to|after|before) (?P<hour>{_HOUR}){_NO_COUNT}"
    rf"|\b(?:at|around|about|since) (?P<whole>{'|'.join((*_HOURS, *_NAMED))}){_NO_COUNT}"
)
CLOCK = ClockGrammar(
    days=_DAYS,
    day_words=frozenset(f"{day}day" for day in _DAYS),
    day=_DAY,
    sent_day=_SENT_DAY,
    this_day=_THIS_DAY,
    today=_TODAY,
    time=_TIME,
    spoken=_SPOKEN,
    hours={hour: number for number, hour in enumerate(_HOURS)},
    named=_NAMED,
    steps=_STEPS,
    early=("morning",),
    late=("afternoon", "evening", "tonight"),
    before=frozenset(("to", "before")),
    present=frozenset(("is", "its", "now")),
    now=Expression(r" now(?! \d| it is\b| its\b| is\b)"),
    sent=frozenset(
        (
            *(
                "message",
                "messages",
                "msg",
                "dm",
                "dms",
                "text",
                "mail",
                "email",
                "inmail",
            ),
            *_PAST.split("|"),
        )
    ),
    otherwise=frozenset(
        (
            *("remind", "schedule", "scheduled", "deliver", "meeting", "tomorrow"),
            *("wake", "wakes", "alarm", "will", "opens", "closes"),
        )
    ),
    until=frozenset(("by", "before", "until", "till", "next", "every")),
    read=frozenset(
        (
            *("read", "reads", "saw", "seen", "opened", "viewed", "looks", "checks"),
            *("arrives", "lands", "starts", "ends", "finishes", "gets", "comes"),
            *("leaves", "logs", "goes", "returns", "begins"),
        )
    ),
    leads=frozenset(
        ("past", "to", "after", "before", "at", "around", "about", "since")
    ),
    planned=_PLANNED,
    parts=_PARTS,
)

"""How English says how long ago something was: "20 min ago", "last night", "an hour ago"."""

from datetime import timedelta

from bot.nlu.durations import DurationGrammar
from bot.nlu.expressions import Expression
from bot.nlu.languages.en.other_times import OTHER_TIMES

_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_SHORT = {
    "s": "second", "sec": "second", "secs": "second", "seconds": "second",
    "m": "minute", "min": "minute", "mins": "minute", "minutes": "minute", "mns": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hours": "hour",
    "d": "day", "days": "day", "w": "week", "wk": "week", "wks": "week", "weeks": "week",
    "months": "month", "mo": "month", "yr": "year", "yrs": "year", "years": "year",
}  # fmt: skip
_EVERY_UNIT = _UNITS | {short: _UNITS[unit] for short, unit in _SHORT.items()}

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "couple": 2, "few": 3, "some": 3, "several": 5, "half": 0.5, "many": 10,
    "3 quarters": 0.75, "three quarters": 0.75, "quarter": 0.25,
}  # fmt: skip

_COUNT = "|".join((*sorted(_NUMBERS, key=len, reverse=True), r"\d{1,4}"))
_UNIT = "|".join(sorted(_EVERY_UNIT, key=len, reverse=True))
_CLOCK = r"(?! ?[ap] ?m\b)"  # "9 a.m." is no span
_PASSED = (
    r"(?:ago|back|old|already|now|passed|gone by|later|earlier"
    r"|(?:is|are|have|has) (?:already )?(?:passed|gone|elapsed)"
    # "2 days before" is an age, "2 minutes before every mail goes out" is none.
    r"|before(?= (?:and|but|can|is|are|how|will|so|still|what|now)\b|$)"
    # Without its plural a unit is a learner's: "is 2 day before".
    r"|(?:(?<=[02-9] day )|(?<=[02-9] hour )|(?<=[02-9] week )|(?<=[02-9] month )|(?<=\d minute ))before)"
)
_LEAD = (
    r"(?:(?P<bound>over|more than|at least|well over|just over|almost|nearly|close to|under"
    r"|less than|not even|not quite|below|within the last|about|around|like|more|maybe|roughly"
    r"|exactly|approximately|some|the|last|past|a|just|closer to|only|good|solid|full|whole"
    r"|easily|already) ){0,4}"
)
_SPAN = (
    rf"{_LEAD}(?!an? [a-z]\b)"
    # "1.5 hours" and "1:10 hours" have lost their marks.
    rf"(?:(?P<whole>\d) (?:(?P<point>5)|(?P<past>[0-5]\d)) (?=h|hour|day|week)|(?P<number>{_COUNT}){_CLOCK}"
    r"(?P<more> and an? half)?(?: ?ish)?(?: of)?(?: an?)?(?: (?:good|solid|full|whole))?"
    r"(?:(?<=\d) ?| ))"
    rf"(?P<unit>{_UNIT})(?![a-z])"
    r"(?: and (?:a|1) (?P<half>half))?"
    rf"(?:(?: and)? ?(?P<number2>{_COUNT})(?:(?<=\d) ?| )(?P<unit2>{_UNIT})(?![a-z\d])"
    rf"|(?: and)? ?(?:a (?=quarter))?(?P<minutes>{_COUNT})(?= {_PASSED}|$))?"
)

_SENT = "sent|texted|wrote|posted|mailed|emailed|messaged"
_MEALS = "breakfast|lunch|lunchtime|dinner|supper|coffee|brunch"

_TIMES = tuple(
    (Expression(rf"\b(?:{pattern})\b"), ago, slack)
    for pattern, ago, slack in (
        (r"(?:just|right) (?:now|this (?:second|minute|moment))|a moment ago|moments ago|this (?:very )?(?:second|minute|moment)"
         r"|(?:a )?(?:few |couple )?(?:seconds|secs) (?:ago|back)|(?:sent|happened) (?:it )?(?:just now|immediately|right away)"
         r"|(?:just|literally|only just) (?:now |by accident |by mistake |accidentally |mistakenly |literally |went and ){0,2}"
         r"(?:sent|texted|wrote|messaged|posted|mailed|emailed|dmed|replied|shared|forwarded|fired off|hit (?:send|enter)|pressed (?:send|enter)|clicked send)",
         timedelta(0), timedelta(0)),
        (r"(?:minutes|mins) (?:ago|back)|a (?:little )?while ago today|not long ago|a little while (?:ago|back)|a bit ago", timedelta(minutes=30), timedelta(minutes=29)),
        (r"(?:hours|hrs) (?:ago|back)", timedelta(hours=5), timedelta(hours=4)),
        (r"earlier this (?:week)", timedelta(hours=84), timedelta(hours=84)),
        (r"earlier this month", timedelta(days=15), timedelta(days=15)),
        (r"earlier this year", timedelta(days=180), timedelta(days=180)),
        (r"earlier today|this morning|(?:sent|texted|wrote|posted|mailed|emailed|messaged) (?:it )?today",
         timedelta(hours=6), timedelta(hours=5, minutes=30)),
        (r"this afternoon|this evening|tonight|(?:sent|texted|wrote|posted|mailed|emailed|messaged) (?:it )?earlier",
         timedelta(hours=4), timedelta(hours=3, minutes=45)),
        (r"last night|yesterday (?:evening|night)|overnight|in the middle of the night", timedelta(hours=12), timedelta(hours=6)),
        (r"the day before yesterday|(?:2|two) nights ago|the night before last", timedelta(days=2), timedelta(days=1)),
        (rf"since (?:{_MEALS})|(?:{_SENT}) (?:it |this |that )?(?:at|during|over|before|after|around) (?:{_MEALS})",
         timedelta(hours=5), timedelta(hours=4, minutes=30)),
        (r"yesterday(?: (?:morning|afternoon))?", timedelta(days=1), timedelta(hours=12)),
        (r"days (?:ago|back)", timedelta(days=5), timedelta(days=3)),
        (r"the other (?:day|night|evening)|last weekend|(?:over|at|on) the weekend", timedelta(days=3), timedelta(hours=36)),
        (r"the other week", timedelta(days=10), timedelta(days=5)),
        (r"last week|weeks (?:ago|back)", timedelta(weeks=1), timedelta(hours=84)),
        (r"last month|months (?:ago|back)", timedelta(days=30), timedelta(days=15)),
        (r"(?:a |quite a |some |been a |for a )?(?:good |long )?while (?:ago|back)|some time (?:ago|back)", timedelta(days=30), timedelta(days=29)),
        (r"last (?:quarter|semester|term)", timedelta(days=90), timedelta(days=60)),
        (r"last year|years (?:ago|back)|ages (?:ago|back)|(?:long|forever|eons) ago|(?:a )?long time (?:ago|back)|(?:from |sent |wrote |posted )way back|way back (?:in|when|then)|back in the day",
         timedelta(days=365), timedelta(hours=4380)),
    )
)  # fmt: skip

_CUES = frozenset(
    (
        *("just", "right", "literally", "now", "moment", "moments", "ago", "today"),
        *(
            "morning",
            "afternoon",
            "evening",
            "night",
            "overnight",
            "tonight",
            "yesterday",
        ),
        "day",
        *("weekend", "week", "month", "year", "back", "earlier", "immediately"),
        *("quarter", "semester", "term", "second", "minute"),
        *_MEALS.split("|"),
    )
)

DURATIONS = DurationGrammar(
    units=_EVERY_UNIT,
    numbers=_NUMBERS,
    span=Expression(rf"\b{_SPAN}(?!\w)"),
    ago=Expression(rf"(?<!how )\b{_SPAN}(?: or so(?= (?:ago|back)\b))? {_PASSED}\b"),
    lasted=Expression(
        r"\b(?:been(?: up| there| out| online| live)?|is|it is|now|already"
        r"|(?:wrong|mistaken|mistake|correction|sorry|oops|wait|actually)(?: [a-z]{1,12}){0,3}"
        r" (?:it|that|this) was(?: more like| like)?"
        # As some say it in whose language time passes, makes or has: "already has 5 hours".
        r"|passed|(?:has|have) already|already (?:has|have)|makes"
        r"|so(?: like| about| roughly)?(?= [a-z\d ]{1,20}$)"
        r"|(?:it|this) has(?= [a-z\d ]{1,20} (?:that|since) (?:i|we)\b))"
        r"(?: already| now)?(?: for)?"
        rf" {_SPAN}(?!\w)(?! (?:relevant|enough|rule|deadline|limit|period)\b)"
    ),
    after=Expression(rf"\b(?:after|since) {_SPAN}(?!\w)"),
    alone=Expression(
        rf"(?:it is |it was |sent |like |maybe |is )?{_SPAN}(?: too late| {_PASSED})?"
    ),
    more=frozenset(("over", "more than", "at least", "well over", "just over")),
    less=frozenset(
        ("under", "less than", "not even", "not quite", "below", "within the last")
    ),
    nearly=frozenset(("almost", "nearly", "close to")),
    rounded=frozenset(("a", "an", "couple", "half")),
    vague=frozenset(("few", "some", "several", "many")),
    denial="not",
    denied=Expression(
        r"\b(?:not|i (?:said|thought|wrote|told you|typed)(?: (?:it|that) was)?)"
        r" (?!(?:even|quite) )"
    ),
    instead=Expression(
        r"\b(?:more like|closer to|rather|actually|but|it (?:was|is)|sorry|make (?:it|that)|says)"
        rf"(?: (?:about|around|like|more|nearly|almost|over))? (?P<number>{_COUNT})"
        rf"(?!(?: and an? half)? ?(?:of )?(?:an? )?(?:{_UNIT})\b)(?! \d)(?!\w)"
    ),
    times=_TIMES,
    cues=_CUES,
    before=Expression(
        rf"(?:\b(?:{_SENT}|send|is)(?: [a-z]{{1,20}}){{0,3}}"
        r" |^)(?:before|from) "
        rf"{_SPAN}(?!\w)(?! (?:is|are|pass|passed|end|run|limit|to|until))"
    ),
    others=OTHER_TIMES,
)

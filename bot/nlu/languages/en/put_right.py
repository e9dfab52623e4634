"""How English says what was wrong and is right: "14 May, not 4 May"."""

from bot.nlu.expressions import Expression
from bot.nlu.languages.en import added
from bot.nlu.put_right import PutRightPatterns

# Every repetition is bounded, so a search takes time in proportion to the text.
_UNIT = (
    r"(?:[A-Z][a-z]{1,11}|[ap]m|%|[$€£]|euros?|dollars?|pounds?|percent|hours?|minutes?"
    r"|days?|weeks?|months?|people|pieces|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b"
)
_FIGURE = rf"(?:[$€£] ?)?\d[\d.,:]{{0,14}}(?:(?:st|nd|rd|th|k)\b)?(?: ?{_UNIT})?"
_CAPITAL = r"\b[A-Z][\w’'-]{1,20}(?: \d{1,4}\b| [A-Z][\w’'-]{1,20})?"
_VALUE = rf"(?:{_FIGURE}|{_CAPITAL})"
_NAME = r"[A-ZÀ-Þ][\w-]{1,20}"
_FILLER = r"(?:the |on |at |for |to |by )?"
_IS = r"(?:(?:s?he|they|it|name)(?:['’]s|['’]re| is| are| was)|is|was)"
_SHOULD = r"(?:it |that |this )?(?:should|must) (?:be|have been|have said|say|read) "

_TITLE = r"(?:M(?:rs?|s|iss)|Dr|Prof|Professor|Sir|Frau|Herr|Señora?|Signora?|Madame|Monsieur)\b\.?"
_CALLED = rf"(?:{_TITLE} (?:{_NAME} )?{_NAME}|(?!{_TITLE})[A-ZÀ-Þ](?:[^\W\d_A-Z]|[’'-]){{1,20}})"
_PRONOUN = r"(?:s?he|they)(?:['’]s|['’]re| is| are)"
_PROPER = (
    rf"(?:\bname(?:['’]s| is|:)|\b{_PRONOUN}(?: really| actually)? called"
    rf"|\b(?:it['’]s|it is|{_PRONOUN})(?= {_TITLE} ))"
)

_FORMS = tuple(
    Expression(form)
    for form in (
        rf"(?P<lead>\b(?:wrote|put|typed|sent|said) {_FILLER})?"
        rf"(?P<right>{_VALUE}),? (?:and )?not {_FILLER}(?P<wrong>{_VALUE})",
        rf"(?P<lead>\b(?:be|been|say|said to be|read|meant|is|it['’]?s) {_FILLER})?"
        rf"(?P<wrong>{_VALUE}),? instead of {_FILLER}(?P<right>{_VALUE})",
        rf"(?P<wrong>{_VALUE}),? (?:but |and |when )?{_SHOULD}{_FILLER}(?P<right>{_VALUE})",
        rf"\b(?:wrote|put|typed|said|addressed|greeted|called|named)\b[^.!?]{{0,60}}?"
        rf"\b(?P<wrong>{_CALLED})[^.!?]{{0,40}}?{_PROPER} (?P<right>{_CALLED})",
        rf"\b(?:called|addressed|named|greeted) (?:\w{{1,12}} ){{0,3}}(?P<wrong>{_NAME})"
        rf"[,.;]? (?:but |and |when )?(?:\w{{1,5}} )?{_IS} (?:called |really |actually )?"
        rf"(?P<right>{_NAME})",
    )
)
_NAMED = Expression(r"\b(?:call|called|name|named|addressed|greeted|[Dd]ear)\b")

_WORDS = (
    r"(?:write|apology|apologi[sz]e|sorry|note|draft|message|letter|line|lines|mail|e-?mail"
    r"|reply|answer|something|words)"
)
_GOES_ON = r"(?:and|but|who|for|about|that|because|saying|asking|telling|with|first|please|now|so|in|not|without)"
_ADDRESSED = (
    Expression(
        rf"(?<![Mm]y )(?<!real )\b[Nn]ame(?:['’]s| is|:|,) (?P<whom>{_CALLED})",
        needs=("name", "Name"),
    ),
    Expression(
        rf"\b(?:recipient|addressee|reader|client|customer) is (?P<whom>{_TITLE} {_NAME}|{_NAME})\b",
        needs=("recipient is", "addressee is", "reader is", "client is", "customer is"),
    ),
    # "something to send to Karen", "a line for my cousin Lucia"
    Expression(
        rf"\b(?:to send to|{_WORDS} (?:\w{{1,12}} ){{0,2}}(?:to|for) my(?: \w{{1,12}}){{1,3}}?) (?P<whom>{_CALLED})"
        rf"(?= {_GOES_ON}\b|[^\w ]|$)",
        needs=("send to ", " my "),
    ),
    Expression(
        rf"\b{_WORDS} (?:\w{{1,12}} ){{0,2}}(?:to|for) (?P<whom>{_CALLED})"
        rf"(?= {_GOES_ON}\b|[^\w ]|$)",
        needs=(" to ", " for "),
    ),
    # A name without its capital; the caller knows which words are none.
    Expression(
        rf"\b(?:sorry|apology|apologi[sz]e) to (?!(?:publish|post|print|share|read|send|use|put)\b)"
        rf"(?P<whom>[a-z]{{3,15}})(?= {_GOES_ON}\b|[^\w ]|$)",
        needs=("sorry to ", "apology to ", "ise to ", "ize to "),
    ),
)
_INITIAL = r"[A-Z]\.?"
_SIGNED = Expression(
    r"\b(?:[Ss]ign(?:ed)?|[Ss]igning|[Ss]ignature)(?: (?:it|this|that|off))?"
    r"(?: (?:as|with|from|by|is|my name))?:? [\"“‘']?"
    rf"(?P<who>(?:{_TITLE} )?(?:{_INITIAL} ){{0,2}}{_NAME}(?: {_NAME})?)",
    needs=("sign", "Sign"),
)

_WISHED = Expression(
    r"(?<![Ii] )\b(?:[Ww]rite|[Dd]raft|[Gg]ive me|[Mm]ake it|[Pp]ut it)\b[^.!?\n]{0,60}?"
    r"\b(?:like|saying|that says|along the lines of):? "
    r"[\"“‘'](?P<words>[^\"“”\n]{3,160}?)[\"”’'](?=[\s.,!?)]|$)",
    needs=tuple("\"”’'"),
)

_CUES = (
    "not ",
    "instead",
    "should",
    "must",
    "called",
    "addressed",
    "named",
    "greeted",
    "name",
    "it’s",
    "it's",
)

PUT_RIGHT = PutRightPatterns(
    cues=_CUES,
    forms=_FORMS,
    named=_NAMED,
    addressed=_ADDRESSED,
    signed=_SIGNED,
    wished=_WISHED,
    added=added.FORMS,
    asks=added.ASKS,
    please="please {}",
    to_reader=added.sentences,
)

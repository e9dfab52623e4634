"""Times in English that are not those of sending: "my son is 9 years old", "read it just now"."""

from bot.nlu.expressions import Expression
from bot.nlu.other_times import OtherTimes

_SENT = "sent|wrote|texted|mailed|emailed|messaged|posted|dmed|written|shared|forwarded"
_NEXT = r"(?:and|but|then|so|noticed|saw|woke|this|now|today|he|she|they)\b"

OTHER_TIMES = OtherTimes(
    aged=Expression(r" old$"),
    passed=Expression(r"(?:ago|back)$"),
    deed=Expression(
        r"(?<!not )(?<!not been )(?<!never )\b(?:deleted|unsent|recalled|removed|retracted|revoked"
        r"|withdrew|undid|edited|read|reading|rereading|reread|woke|discovered|found out|saw|seen|opened|viewed|noticed|realised|realized|reacted"
        r"|(?:he|she|they) (?:replied|answered|reacted|blocked)|active|online|offline|logged in|typing)"
        r"(?: (?!sent|send|wrote|texted|mailed|emailed|messaged|posted|yet|and|but|still|was)"
        r"[a-z\d]{1,20}){0,3} $"
        # How long something has been so: "not updated since last year".
        r"|\b(?:updated|upgraded|installed|reinstalled|bought|hired|married|divorced|separated|friends"
        r"|dating|together|known|met|moved|joined|signed up)(?: (?!sent|send|wrote|texted|mailed"
        r"|emailed|messaged|posted|yet|and|but|still|was)[a-z\d]{1,20}){0,2} $"
        # A step towards taking it back.
        r"|\b(?:recall|undo|delete|unsend|retract)(?: (?:was|button|got|for everyone)){0,2} (?:clicked|pressed|hit|tapped|started|requested|sent) $"
        r"|\b(?:clicked|pressed|hit|tapped|started|requested)(?: (?:on|the|a)){0,2} (?:recall|undo|delete|unsend|retract)(?: (?:button|request)){0,1} $"
    ),
    just=Expression(r"(?:just|right|only just|literally) "),
    at_once=Expression(r" (?:now|(?:this|very) \w{1,12})$"),
    they=Expression(r"\b(?:he|she|they|who|someone|somebody)(?: has| have| had)? $"),
    until=Expression(
        r" (?:before|until|till|when) (?:i|we|he|she|they|it|my|the|someone)\b"
    ),
    person=Expression(
        r"\b(?:my|our|his|her|their|your|a|an|the|he is|she is|i am|who is|aged|hes|shes|im) $"
    ),
    relative=Expression(
        r" (?:son|daughter|kid|child|boy|girl|brother|sister|niece|nephew|cousin|student|pupil"
        r"|grandson|granddaughter|man|woman|teenager|phone|iphone|laptop|mac|computer)\b"
    ),
    sent=Expression(
        rf"\b(?:(?:{_SENT})(?: (?!{_NEXT})[a-z\d]{{1,20}}){{0,4}}|(?<!back )from) $"
    ),
    sending=Expression(
        r"(?: (?:at|around|about) [a-z\d]{1,8}(?: [ap] ?m)?)?"
        rf" (?:i|we)(?: [a-z]{{1,12}}){{0,2}} (?:{_SENT})\b"
    ),
    message=Expression(
        r" (?:message|messages|msg|dm|dms|text|texts|mail|mails|email|emails|inmail|chat|chats"
        r"|photo|picture|post|conversation|snap|thread)\b"
    ),
)

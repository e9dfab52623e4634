"""Times in English that are not those of sending: "my son is 9 years old", "read it just now"."""

import re

from bot.nlu.other_times import OtherTimes

OTHER_TIMES = OtherTimes(
    aged=re.compile(r" old$"),
    passed=re.compile(r"(?:ago|back)$"),
    deed=re.compile(
        r"(?<!not )(?<!not been )(?<!never )\b(?:deleted|unsent|recalled|removed|retracted|revoked"
        r"|withdrew|undid|edited|read|saw|seen|opened|viewed|noticed|realised|realized|reacted"
        r"|(?:he|she|they) (?:replied|answered|reacted|blocked))"
        r"(?: (?!sent|send|wrote|texted|mailed|emailed|messaged|posted|yet|and|but|still|was)"
        r"[a-z\d]{1,20}){0,3} $"
    ),
    just=re.compile(r"(?:just|right|only just|literally) "),
    at_once=re.compile(r" (?:now|(?:this|very) \w{1,12})$"),
    they=re.compile(r"\b(?:he|she|they|who|someone|somebody)(?: has| have| had)? $"),
    until=re.compile(
        r" (?:before|until|till|when) (?:i|we|he|she|they|it|my|the|someone)\b"
    ),
    person=re.compile(
        r"\b(?:my|our|his|her|their|your|a|an|the|he is|she is|i am|who is|aged|hes|shes|im) $"
    ),
    relative=re.compile(
        r" (?:son|daughter|kid|child|boy|girl|brother|sister|niece|nephew|cousin|student|pupil"
        r"|grandson|granddaughter|man|woman|teenager|phone|iphone|laptop|mac|computer)\b"
    ),
    message=re.compile(
        r" (?:message|messages|msg|dm|dms|text|texts|mail|mails|email|emails|inmail|chat|chats"
        r"|photo|picture|post|conversation|snap|thread)\b"
    ),
)

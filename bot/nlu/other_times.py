"""Times that are not those at which a message went out.

They tell how old somebody is, or when it was read, answered or deleted.
"""

from __future__ import annotations

import re

_DEED = re.compile(
    r"(?<!not )(?<!not been )(?<!never )\b(?:deleted|unsent|recalled|removed|retracted|revoked"
    r"|withdrew|undid|edited|read|saw|seen|opened|viewed|noticed|realised|realized|reacted"
    r"|(?:he|she|they) (?:replied|answered|reacted|blocked))"
    r"(?: (?!sent|send|wrote|texted|mailed|emailed|messaged|posted|yet|and|but|still|was)"
    r"[a-z\d]{1,20}){0,3} $"
)
"""Right before a time one of these, it is not when the message went out."""
_JUST = re.compile(r"(?:just|right|only just|literally) ")
_AT_ONCE = re.compile(r" (?:now|(?:this|very) \w+)$")
_THEY = re.compile(r"\b(?:he|she|they|who|someone|somebody)(?: has| have| had)? $")
_UNTIL = re.compile(
    r" (?:before|until|till|when) (?:i|we|he|she|they|it|my|the|someone)\b"
)
_PERSON = re.compile(
    r"\b(?:my|our|his|her|their|your|a|an|the|he is|she is|i am|who is|aged|hes|shes|im) $"
)
_RELATIVE = re.compile(
    r" (?:son|daughter|kid|child|boy|girl|brother|sister|niece|nephew|cousin|student|pupil"
    r"|grandson|granddaughter|man|woman|teenager|phone|iphone|laptop|mac|computer)\b"
)
_MESSAGE = re.compile(
    r" (?:message|messages|msg|dm|dms|text|texts|mail|mails|email|emails|inmail|chat|chats"
    r"|photo|picture|post|conversation|snap|thread)\b"
)


def is_of_another(match: re.Match[str], line: str) -> bool:
    """Whether a time in a line tells of something else than the sending."""
    before, behind = line[: match.start()], line[match.end() :]
    if match[0].endswith(" old"):
        named = _PERSON.search(before) and not _MESSAGE.match(behind)
        return bool(named or _RELATIVE.match(behind))
    if _JUST.match(match[0]):
        # "Just now" may be of another deed, "just sent" of another person.
        return bool((_DEED if _AT_ONCE.search(match[0]) else _THEY).search(before))
    lasted = not match[0].endswith(("ago", "back")) and _UNTIL.match(behind)
    return bool(lasted or _DEED.search(before))

"""How Spanish says what was wrong and is right: "el 14 de mayo, no el 4 de mayo"."""

from bot.nlu.expressions import Expression
from bot.nlu.put_right import PutRightPatterns

# Every repetition is bounded, so a search takes time in proportion to the text.
_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    r"|diciembre)"
)
_DAY = r"\b(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b"
_UNIT = (
    rf"(?:[€$%]|(?:euros?|d[oó]lares|pesos|horas?|h|minutos?|d[ií]as?|semanas?|meses|personas"
    rf"|piezas|de {_MONTH})\b)"
)
_FIGURE = rf"(?:[$€] ?)?\d[\d.,:]{{0,14}}(?: ?{_UNIT})?"
_NAME = r"[A-ZÁÉÍÓÚÑ][\w-]{1,20}"
_CAPITAL = rf"\b{_NAME}(?: \d{{1,4}}\b| {_NAME})?"
_VALUE = rf"(?:{_FIGURE}|{_DAY}|{_CAPITAL})"
_FILLER = r"(?:el |la |las |los |a las |al |en |para el |por )?"
_SHOULD = r"(?:era|(?:deb[ií]a|deber[ií]a|ten[ií]a que) (?:ser|decir|poner))"

_FORMS = tuple(
    Expression(form)
    for form in (
        rf"(?P<lead>\b(?:puse|escrib[ií]|mand[eé]|dije) {_FILLER})?"
        rf"(?P<right>{_VALUE}),? (?:y )?no {_FILLER}(?P<wrong>{_VALUE})",
        rf"(?P<lead>\b(?:es|era|ser|decir|poner) {_FILLER})?"
        rf"(?P<wrong>{_VALUE}),? en (?:vez|lugar) de(?:l | ){_FILLER}(?P<right>{_VALUE})",
        rf"(?P<wrong>{_VALUE}),? (?:pero |y |cuando )?{_SHOULD} {_FILLER}(?P<right>{_VALUE})",
        rf"\b(?:llam[eé]|salud[eé]) (?:\w{{1,12}} ){{0,3}}(?P<wrong>{_NAME})"
        rf"[,.;]? (?:pero |y |cuando )?(?:en realidad )?(?:se llama|es|era) (?P<right>{_NAME})",
    )
)
_NAMED = Expression(r"\b(?:[Ll]lam\w{1,5}|[Nn]ombre|[Ss]alud\w{1,4})\b")

_CUES = ("no ", " vez ", " lugar ", "era ", "deb", "ten", "llam", "salud")

PUT_RIGHT = PutRightPatterns(cues=_CUES, forms=_FORMS, named=_NAMED)

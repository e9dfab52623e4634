"""Spanish. Patterns over words see them without accents: "manana" is "mañana"."""

import re
from datetime import timedelta

from bot.nlu.clock_times import ClockGrammar
from bot.nlu.dates import DateGrammar
from bot.nlu.durations import DurationGrammar
from bot.nlu.expressions import Expression
from bot.nlu.language import (
    ClausePatterns,
    Language,
    NamingWords,
    StatementPatterns,
    TimeWords,
)
from bot.nlu.languages.es.deeds import told
from bot.nlu.languages.es.put_right import PUT_RIGHT
from bot.nlu.tokenizer import Contractions

# --- how long ago

_UNITS = {
    "segundo": timedelta(seconds=1),
    "minuto": timedelta(minutes=1),
    "hora": timedelta(hours=1),
    "dia": timedelta(days=1),
    "semana": timedelta(weeks=1),
    "mes": timedelta(days=30),
    "ano": timedelta(days=365),
}
_SHORT = {
    "segundos": "segundo", "seg": "segundo", "segs": "segundo", "s": "segundo",
    "minutos": "minuto", "minutitos": "minuto", "min": "minuto", "mins": "minuto", "m": "minuto",
    "horas": "hora", "h": "hora", "hs": "hora", "hr": "hora", "hrs": "hora",
    "dias": "dia", "semanas": "semana", "meses": "mes", "anos": "ano",
}  # fmt: skip
_EVERY_UNIT = _UNITS | {short: _UNITS[unit] for short, unit in _SHORT.items()}
_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15,
    "veinte": 20, "veinticinco": 25, "treinta": 30, "cuarenta": 40, "cincuenta": 50,
    "par": 2, "unos": 3, "unas": 3, "algunos": 3, "algunas": 3, "pocos": 3, "pocas": 3,
    "varios": 5, "varias": 5, "muchos": 10, "muchas": 10, "media": 0.5, "medio": 0.5,
    "tres cuartos": 0.75, "cuarto": 0.25,
}  # fmt: skip
_COUNT = "|".join((*sorted(_NUMBERS, key=len, reverse=True), r"\d{1,4}"))
_UNIT = "|".join(sorted(_EVERY_UNIT, key=len, reverse=True))
_SPAN = (
    r"(?:(?P<bound>mas de|al menos|por lo menos|menos de|ni siquiera|casi|cerca de|los ultimos"
    r"|las ultimas|mas o menos|alrededor de|aproximadamente|solo|apenas|como|unos|unas|un) ){0,3}"
    r"(?:(?P<whole>\d) (?:(?P<point>5)|(?P<past>[0-5]\d)) (?=h|dia|semana)"
    rf"|(?P<number>{_COUNT})(?P<more> y media(?= horas?\b))?(?: de)?(?:(?<=\d) ?| ))"
    rf"(?P<unit>{_UNIT})(?![a-z])(?: y (?P<half>medi[oa])\b)?"
    rf"(?:(?: y| con)? ?(?P<number2>{_COUNT})(?:(?<=\d) ?| )(?P<unit2>{_UNIT})(?![a-z\d])"
    # "1h30" and "1 h 30" say minutes, "2 h 10 personas" does not.
    r"|(?: y (?!un[ao]?\b)|(?:(?<=\dh)|(?<=\d h)) ?(?=[0-5]\d(?:$| (?!\w+s\b))))"
    rf"(?P<minutes>{_COUNT})(?= |$))?"
)
_TIMES = tuple(
    (Expression(rf"\b(?:{pattern})\b"), ago, slack)
    for pattern, ago, slack in (
        (r"ahora mismo|justo ahora|recien|en este (?:momento|instante)|hace (?:un )?(?:momento|momentito|instante|nada)"
         r"|hace (?:unos )?(?:segundos|instantes)|(?:lo |la |le |se lo )?acabo de (?:enviar|mandar|escribir|publicar|postear)(?:l[oae]s?|sel[oa])?",
         timedelta(0), timedelta(0)),
        (r"hace (?:unos )?min(?:uto)?s|hace (?:un )?(?:rato|ratito)|hace (?:muy )?poco", timedelta(minutes=30), timedelta(minutes=29)),
        (r"hace (?:ya |casi |como )?hora y media", timedelta(hours=1, minutes=30), timedelta(minutes=10)),
        (r"hace (?:ya |casi |como )?dia y medio", timedelta(hours=36), timedelta(hours=6)),
        (r"hace horas", timedelta(hours=5), timedelta(hours=4)),
        (r"anoche|ayer (?:por|en|a) la noche|esta madrugada|de madrugada", timedelta(hours=12), timedelta(hours=6)),
        (r"esta manana|hoy temprano|(?:envie|mande|escribi|publique) hoy|hoy (?:lo |la |le )?(?:envie|mande|escribi|publique)",
         timedelta(hours=6), timedelta(hours=5, minutes=30)),
        (r"esta (?:tarde|noche)|hace unas horitas", timedelta(hours=4), timedelta(hours=3, minutes=45)),
        (r"antenoche|anteanoche", timedelta(hours=36), timedelta(hours=6)),
        (r"anteayer|antes de ayer|antier", timedelta(days=2), timedelta(days=1)),
        (r"ayer", timedelta(days=1), timedelta(hours=12)),
        (r"hace dias", timedelta(days=5), timedelta(days=3)),
        (r"(?:el otro dia|la otra noche|el fin de semana)(?: pasado)?", timedelta(days=3), timedelta(hours=36)),
        (r"(?:esta|la) semana pasada|hace semanas", timedelta(weeks=1), timedelta(hours=84)),
        (r"el mes pasado|hace meses", timedelta(days=30), timedelta(days=15)),
        (r"el ano pasado|hace anos|hace (?:mucho|bastante|un tiempo|tiempo|siglos)", timedelta(days=365), timedelta(hours=4380)),
    )
)  # fmt: skip

# --- clock and calendar

_DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_DAY = "|".join(_DAYS)
_SENT = "envie|enviado|mande|mandado|escribi|escrito|publique|publicado|fue|paso"
_AT = r"(?: a las?| sobre las?)? (?P<hour>[01]?\d|2[0-3]) (?P<minute>[0-5]\d)\b"
_PART = "en punto|de (?:la|esta) (?:manana|tarde|noche)|de la madrugada"
_NO_COUNT = r"\b(?! (?:\w+s|min|seg)\b)"
"""It is no number of things: "a las dos", not "a las dos chicas"."""
_HOURS = {
    "doce": 0, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
}  # fmt: skip
_STEPS = {
    "media": 30, "cuarto": 15, "cinco": 5, "diez": 10, "veinte": 20, "veinticinco": 25,
}  # fmt: skip
_NAMED = {"mediodia": 12, "medianoche": 0}
_HOUR = "|".join(sorted(_HOURS, key=len, reverse=True))

_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
_MONTH_NUMBERS = {month: number for number, month in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {"setiembre": 9, "sept": 9}
_WRITTEN = {form: n for n in range(1, 13) for form in (f"{n}", f"{n:02}")}
"""A month as its number: the day goes before it, "29/11"."""
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_SEASONS = {"primavera": 3, "verano": 6, "otono": 9, "invierno": 12}
_FEASTS = {
    "nochevieja": (12, 31, 1), "fin de ano": (12, 31, 2), "ano nuevo": (12, 31, 2),
    "san valentin": (2, 14, 1), "semana santa": (3, 22, 35), "halloween": (10, 31, 1),
    "nochebuena": (12, 24, 1), "navidad": (12, 24, 3), "dia de reyes": (1, 6, 1),
}  # fmt: skip
_LED = r"(?P<lead>desde|de|del|en|durante|por|el)(?: (?:el|la|este|esta|mes|ano|pasad[oa])){0,2}"
_YEAR = r"(?P<year>19[89]\d|20\d\d)"
_OF_YEAR = rf"(?: (?:de |del )?{_YEAR}\b)?"

# --- clauses

_QUESTION = (
    r"(?:se puede|puedo|puede|podr[ée]|c[óo]mo|cu[áa]ndo|cu[áa]nt[oa]s?|qu[ée]|qui[ée]n"
    r"|d[óo]nde|por qu[ée]|hay|sabe|sabr[áa]|se entera|ver[áa]|ve|es|est[áa]|sirve)\b"
)
_CARRIED = frozenset({"de", "desde", "en", "por", "con", "via", "usando", "mediante"})

LANGUAGE = Language(
    code="es",
    stemmer="spanish",
    contractions=Contractions(
        {
            **dict.fromkeys(("q", "k"), ("que",)),
            **dict.fromkeys(("xq", "pq", "xk", "porq"), ("por", "que")),
            **dict.fromkeys(("tb", "tmb", "tbn"), ("tambien",)),
            **dict.fromkeys(("msj", "msje", "mje"), ("mensaje",)),
            **dict.fromkeys(("xfa", "porfa", "plis"), ("por", "favor")),
            "msjs": ("mensajes",),
            "nose": ("no", "se"),
            "ase": ("hace",),
        }
    ),
    clauses=ClausePatterns(
        cut=Expression(
            rf"[?!.;\n¿¡]+|,? \b(?=(?:y|e|tambi[ée]n|pero|o)\b (?:tambi[ée]n )?{_QUESTION})",
            re.IGNORECASE,
        ),
        asks=Expression(
            rf"\W{{0,3}}(?:(?:y|e|tambi[ée]n|pero|o|entonces)\b,? )?{_QUESTION}",
            re.IGNORECASE,
        ),
        quotation=Expression(
            r"(?P<said>\b(?:escrib[íi]|puse|dec[íi]a|dice|dije|mand[ée]|envi[ée]|mensaje)"
            r"\W{1,3})?(?:\"(?P<a>[^\"]{2,400})\"|“(?P<b>[^”]{2,400})”|«(?P<c>[^»]{2,400})»)",
            re.IGNORECASE,
        ),
    ),
    naming=NamingWords(
        denial="no",
        denied=frozenset({"no", "nunca", "todavia", "aun"}),
        between=frozenset({"en", "por", "de", "con", "el", "la", "un", "una"}),
        owned=frozenset({"mi", "mis", "tu", "su", "sus", "nuestro", "el", "la", "un"}),
        at=frozenset({"en", "por"}),
        carried=_CARRIED,
        carries=_CARRIED - {"con"},
        towards=frozenset({"a", "al", "hacia", "hasta"}),
        joins=frozenset({"y", "e", "o", "u", "ni", "vs", "versus"}),
    ),
    durations=DurationGrammar(
        units=_EVERY_UNIT,
        numbers=_NUMBERS,
        span=Expression(rf"\b{_SPAN}(?!\w)"),
        ago=Expression(
            rf"\b(?P<since>hace (?:ya )?)?{_SPAN}(?(since)(?!\w)| (?:atras|antes)\b)"
        ),
        lasted=Expression(
            r"\b(?:pasad[oa]s|ha(?:n|bran?)? pasado|paso|pasaron|llevo|lleva|van)"
            rf"(?: ya)? {_SPAN}(?!\w)"
        ),
        after=Expression(rf"\b(?:tras|despues de) {_SPAN}(?!\w)"),
        alone=Expression(rf"(?:fue |desde |quizas? |creo que )?{_SPAN}(?: atras)?"),
        more=frozenset(("mas de", "al menos", "por lo menos")),
        less=frozenset(("menos de", "ni siquiera", "los ultimos", "las ultimas")),
        nearly=frozenset(("casi", "cerca de")),
        rounded=frozenset(("un", "una", "par", "media", "medio")),
        vague=frozenset(
            (
                *("unos", "unas", "algunos", "algunas", "pocos", "pocas"),
                *("varios", "varias", "muchos", "muchas"),
            )
        ),
        denial="no",
        times=_TIMES,
        cues=frozenset(
            (
                *("ahora", "recien", "momento", "instante", "hace", "acabo", "hoy"),
                *("anoche", "ayer", "anteayer", "antier", "madrugada", "manana"),
                *("antenoche", "anteanoche"),
                *("tarde", "noche", "dia", "fin", "semana", "mes", "ano"),
            )
        ),
    ),
    clock=ClockGrammar(
        days=_DAYS,
        day_words=frozenset(_DAYS),
        day=Expression(
            rf"\b(?:el|del|este|desde el|{_SENT}) (?:pasado )?(?P<day>{_DAY})\b"
            rf"(?: pasado| por la (?:manana|tarde|noche))?|^(?P<only>{_DAY})$"
        ),
        sent_day=Expression(rf"\b(?P<day>{_DAY}){_AT}"),
        this_day=Expression(
            rf"\b(?:ahora|hoy)(?: ya)?(?: es)?(?: el)? (?P<day>{_DAY}){_AT}"
        ),
        today=Expression(rf"\b(?:ahora|hoy)(?: ya)?(?: es)?(?: el)? (?P<day>{_DAY})\b"),
        time=Expression(
            r"\b(?:(?P<at>a las?|sobre las?|desde las?|son las?|es la) )?"
            r"(?P<hour>[01]?\d|2[0-3])(?: ?(?<!\d)(?P<minute>[0-5]\d))?(?: ?h(?:oras)?\b)?"
            rf"(?: ?(?P<half>[ap]) ?m\b| (?P<part>{_PART})\b|(?![\w]| \d){_NO_COUNT})"
        ),
        spoken=Expression(
            rf"\b(?:(?:a|sobre|desde) las? (?=(?:{_HOUR})\b)|al? (?=medi[ao]))"
            rf"(?:(?P<hour>{_HOUR}) (?P<side>y|menos) (?P<step>{'|'.join(_STEPS)}|\d\d?)"
            rf"|(?P<whole>{_HOUR}|{'|'.join(_NAMED)})){_NO_COUNT}(?: (?P<part>{_PART})\b)?"
        ),
        hours=_HOURS,
        named=_NAMED,
        steps=_STEPS,
        early=("manana", "madrugada"),
        late=("tarde", "noche"),
        before=frozenset(("menos",)),
        present=frozenset(("son las", "es la")),
        now=Expression(r" ahora(?! \d)"),
        sent=frozenset(("mensaje", "mensajes", "correo", "mail", *_SENT.split("|"))),
        otherwise=frozenset(
            ("recuerdame", "programar", "programado", "reunion", "proximo", "alarma")
        ),
        until=frozenset(("hasta", "cada", "antes")),
        read=frozenset(("leyo", "leido", "vio", "visto", "abrio", "abierto")),
        leads=frozenset(("a", "al", "sobre", "desde")),
    ),
    dates=DateGrammar(
        months=_MONTH_NUMBERS | _WRITTEN,
        seasons=_SEASONS,
        feasts=_FEASTS,
        day=Expression(
            r"\b(?:(?P<lead>desde el|del|el|de) )?(?P<day>[1-9]|[12]\d|3[01]) de"
            rf" (?P<month>{_MONTH})\b{_OF_YEAR}"
        ),
        of_message=Expression(rf"\bmensajes? (?P<lead>del?) {_YEAR}\b"),
        others=(
            Expression(
                r"\b(?P<lead>desde el|del|el) dia (?P<day>[1-9]|[12]\d|3[01])\b"
            ),
            Expression(
                r"\b(?P<lead>desde el|del|el) (?P<day>0?[1-9]|[12]\d|3[01])"
                r" (?P<month>0?[1-9]|1[0-2])(?: (?P<year>20\d\d))?"
                r"(?= |$)(?! (?:h|y|de|\w+s)\b)"
            ),
            Expression(rf"\b{_LED} (?P<feast>{'|'.join(_FEASTS)})\b{_OF_YEAR}"),
            Expression(rf"\b{_LED} (?P<month>{_MONTH})\b{_OF_YEAR}"),
            Expression(rf"\b{_LED} (?P<season>{'|'.join(_SEASONS)})\b{_OF_YEAR}"),
            Expression(rf"\b{_LED} {_YEAR}\b"),
        ),
        doubtful=frozenset(),
        free=frozenset(("de", "del", "desde", "el", "desde el")),
        own=("de", "del", "desde"),
        sent=Expression(rf"\b(?:{_SENT})\b"),
        read=Expression(r"\b(?:leyo|leido|vio|visto|abrio|actualiz\w{1,4})\b"),
        aged=Expression(
            r"\b(?:telefonos?|moviles|movil|celular(?:es)?|iphones?|ipads?|macs?|ordenador(?:es)?"
            r"|computadoras?|portatil(?:es)?|tabletas?|android|ios|windows|app|apps|aplicacion"
            r"|version|cuentas?|perfil|modelo|amig[oa]s?|empresa|trabajo|juntos|novios|casados"
            r"|clientes?|usuarios?|ley|norma|articulo|pagina)(?: \d{1,2}| es| era)?"
            rf"(?: (?:desde|de) (?:{_MONTH}))? $"
        ),
        bought=frozenset(
            (
                *("telefono", "movil", "celular", "iphone", "ipad", "mac", "ordenador"),
                *("computadora", "portatil", "tableta", "modelo", "version", "cuenta"),
            )
        ),
        number=Expression(r"\d{4}|\d{1,2}"),
        otherwise=frozenset(("recuerdame", "programar", "programado", "nacido")),
        cues=frozenset((*_MONTH_NUMBERS, *_SEASONS, *" ".join(_FEASTS).split()))
        - {"de", "fin", "dia"},
    ),
    time_words=TimeWords(
        seconds=("segundo", "segundos"),
        minutes=("minuto", "minutos"),
        hours=("hora", "horas"),
        days=("día", "días"),
        months=_MONTHS,
        between="{} a {}",
        almost="casi {}",
        about="cerca de {}",
        at_least="al menos {}",
        vague="un tiempo",
        moments="un momento",
        ahead="en {}",
        day="{day} de {month}, {time}",
        month="{month} de {year}",
    ),
    inflected=True,
    told=told,
    put_right=PUT_RIGHT,
    statements=StatementPatterns(
        refuses=Expression(
            r"\b(no (se puede|es posible|sirve|funciona|queda|deja|hay (forma|manera|nada))"
            r"|nunca|nadie ve|deja de (funcionar|servir)|imposible)\b"
        ),
        grants=Expression(
            r"\b(se puede|es posible|funciona|sirve|para (todos|ambos))\b"
        ),
        denies=Expression(r"\b(no|nunca|nada|nadie|ningun[oa]?|solo|sin|salvo)\b"),
        leaves=Expression(r"\b(nota|aviso|hueco|marca|rastro)\b"),
        unlimited=Expression(r"\b(no|sin|siempre|cualquier|ningun)\b"),
        sentence=Expression(r"[.:;](?:\s|$)| pero "),
    ),
)

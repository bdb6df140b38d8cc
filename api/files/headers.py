"""Which column of a file is which field: headers in Dutch or English, synonyms, near misses, and what nobody asked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from api.defects import Defect, Phrase
from api.files.sheets import Row, Sheet
from api.schemas.cells import text_of
from api.schemas.columns import KINDS, Column, plain

_LOOK_AT = 60  # rows within which a header stands
_NEAR = 0.8
_SPECIAL = re.compile(
    r"^(?:sex|sekse|gender|geslacht(?:sleerling)?|geslachtsaanduiding|mv|manvrouw|jongenmeisje|mvx|vm)$|nationaliteit|nationality"
    r"|afkomst|herkomst|etnic|ethnic|geboorteland|geboorteplaats|countryofbirth|birthplace|land(?:vanherkomst)?$|ras$"
    r"|religie|religion|geloof|godsdienst|kerk|moedertaal|thuistaal|homelanguage|verblijf|statushouder|migratie"
    r"|diagnos|stoornis|beperking|handicap|disabilit|medisch|medical|medicatie|medicijn|medication|ziekte|gezondheid|health"
    r"|autis|adhd|dsm|^iq|iq$|^tiq|intelligen|indicatie|clusters?$|^cluster|wajong|uitkering|benefit|doelgroep|banenafspraak"
    r"|loonwaarde|participatieladder|praktijkroute|wsw|ciz|jeugdzorg|jeugdhulp|voogd|justiti|strafblad|vog$|schuld"
    r"|seksue|sexual|zwanger|foto|photo|burgerlijkestaat|maritalstatus"
)
_ORDINARY = re.compile(
    r"^(?:naam|achternaam|familienaam|geslachtsnaam|tussenvoegsels?|voorvoegsels?|voorletters?|initialen|volledigenaam|naamleerling"
    r"|leerlingnaam|name|surname|lastname|fullname|familyname|leeftijd|age|klas|groep|stamgroep|leerjaar|klascode|class|mentor"
    r"|coach|begeleider|stagebegeleider|docent|contactpersoon|contact|schoolnaam|naamschool|schoolname|opmerking(?:en)?|notities?"
    r"|bijzonderheden|remarks?|comments?|notes?|website|url|salaris|loon|salary|vergoeding|volgnummer|rijnummer)$"
    r"|^e?mail|email|telefoon|^tel(?:nr|efoon)?$|mobiel|phone|^adres|woonadres|^straat|straatnaam|huisnummer|huisnr|toevoeging"
    r"|address|street|housenumber|ouder|verzorger|parent|vader|moeder|iban|rekeningnummer|bankrekening|^handtekening"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*\*?\s*$")
_HARMLESS = re.compile(
    r"geenbsn|nobsn|verplicht|optioneel|required|optional|ddmm[jy]+|[jy]{4}mmdd|datum|date|codes?|km|min|minuten|minutes"
    r"|uur|uren|hours|perweek|urenperweek|hoursperweek|dagdelen|janee|jn|yesno|yn|maanden|months|jaar|meerderemogelijk"
)
_SEX_VALUES = frozenset(
    ("m", "v", "f", "man", "vrouw", "jongen", "meisje", "male", "female", "boy", "girl", "mannelijk", "vrouwelijk")
)
_ENOUGH = 2


@dataclass(slots=True)
class HeaderMap:
    """Where each field stands: field -> indices of the columns that give it, and what is wrong with the headers."""

    fields: dict[str, list[int]] = field(default_factory=dict)
    defects: list[tuple[int, Defect]] = field(default_factory=list)  # (column index, defect)
    named: set[str] = field(default_factory=set)  # headers of --column that the file has, in plain form
    unmapped: list[int] = field(default_factory=list)


@lru_cache(maxsize=8)
def words_of(kind: str) -> dict[str, str]:
    """Every header in plain form -> field, for one kind of list."""
    return {word: column.name for column in KINDS[kind] for word in column.words()}


@lru_cache(maxsize=50_000)
def _meaning(kind: str, header: str) -> str | None:
    """The field a header names; a note between brackets is passed over when it says nothing new."""
    words = words_of(kind)
    name = words.get(plain(header))
    if name is None and (note := _BRACKETS.search(header)) and _HARMLESS.fullmatch(plain(note.group(1))):
        return words.get(plain(header[: note.start()]))
    return name


def score(row: Row, kinds: tuple[str, ...]) -> int:
    """How many different fields of one kind of list a row names; the best kind counts."""
    texts = [cell for cell in row if isinstance(cell, str) and len(cell) <= 60]
    if not texts:
        return 0
    return max(len({name for text in texts if (name := _meaning(kind, text))}) for kind in kinds)


def fields_of(row: Row, kind: str, columns: Mapping[str, str]) -> set[str]:
    """The fields of one kind of list that a header names; ``columns`` are the user's own words, in plain form."""
    texts = [text_of(cell) for cell in row if isinstance(cell, str)]
    return {name for text in texts if (name := columns.get(plain(text)) or _meaning(kind, text))}


def find_header(sheet: Sheet, kinds: tuple[str, ...]) -> tuple[int, int]:
    """Return (index in ``sheet.rows``, score) of the row that looks most like a header; the first row without any."""
    if sheet.header_at is not None:
        return (sheet.header_at, score(sheet.rows[0][1], kinds)) if sheet.rows else (0, 0)
    best, most = 0, 0
    for index, (_, row) in enumerate(sheet.rows[:_LOOK_AT]):
        found = score(row, kinds)
        if found > most:
            best, most = index, found
    return best, most


def map_header(header: Row, kind: str, columns: Mapping[str, str], values: Mapping[int, list[str]]) -> HeaderMap:
    """Say which column is which field.

    ``columns`` are headers that the user named (``--column``), in plain form -> field; they come before our own
    words. ``values`` are a column's cells, to see what an innocent header hides.
    """
    result = HeaderMap()
    fixed = {columns[word] for cell in header if cell is not None and (word := plain(text_of(cell))) in columns}
    for index, cell in enumerate(header):
        text = "" if cell is None else text_of(cell)
        word = plain(text)
        if word in columns:
            result.named.add(word)
        name = columns.get(word) or _meaning(kind, text)
        if name and not (name in fixed and word not in columns):
            result.fields.setdefault(name, []).append(index)
            continue
        defect = _stranger(text, word, kind, values.get(index, []), named_elsewhere=bool(name), taken=result.fields)
        if defect:
            result.defects.append((index, defect))
            if defect.code == "unmapped_column":
                result.unmapped.append(index)
    return result


def _stranger(
    text: str, word: str, kind: str, values: list[str], *, named_elsewhere: bool, taken: Mapping[str, object]
) -> Defect | None:
    """What to say about a column that is no field; nothing about one that is empty and has no header."""
    if not word:
        return Defect("unmapped_column", "", None, Phrase("no_header"), severity="warning") if values else None
    if _SPECIAL.search(word) or _holds_sex(values):
        return Defect("unasked_column", text, None, Phrase("special"), severity="warning")
    if named_elsewhere:
        return Defect("unmapped_column", text, None, Phrase("named_column"), severity="warning")
    near = near_header(word, kind)
    if _ORDINARY.search(word) or (not near and _asked_elsewhere(word, kind)):
        return Defect("unasked_column", text, severity="warning")
    if near and near not in taken:
        column = by_name(kind, near)
        return Defect("unmapped_column", text, None, Phrase("near_header"), column.dutch, "warning")
    return Defect("unmapped_column", text, severity="warning")


def near_header(word: str, kind: str) -> str | None:
    """The field whose header is nearly this word, or None."""
    words = words_of(kind)
    if len(word) < 4:
        return None
    close = difflib.get_close_matches(word, words, n=1, cutoff=_NEAR)
    return words[close[0]] if close else None


def by_name(kind: str, name: str) -> Column:
    """The column of a field."""
    return next(column for column in KINDS[kind] if column.name == name)


def missing_columns(kind: str, fields: Mapping[str, object]) -> list[str]:
    """The required fields that no column gives, in the order of the list.

    A leaver list needs a school or a referrer; what only a school's students need is needed when there is no
    column for a referrer.
    """
    missing = [column.name for column in KINDS[kind] if column.required and column.name not in fields]
    if kind == "leavers":
        if not {"school", "referrer"} & set(fields):
            missing.append("school")
        if "referrer" not in fields:
            missing += [name for name in ("school_type", "leaves_on") if name not in fields]
    order = [column.name for column in KINDS[kind]]
    return sorted(missing, key=order.index)


def _asked_elsewhere(word: str, kind: str) -> bool:
    """Whether another list asks for this column: a column of the wrong list is understood, and not wanted here."""
    return any(word in words_of(other) for other in KINDS if other != kind)


def _holds_sex(values: list[str]) -> bool:
    return len(values) >= _ENOUGH and {value.casefold().rstrip(".") for value in values} <= _SEX_VALUES

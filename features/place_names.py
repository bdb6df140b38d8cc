"""Names of places as people write them: one comparable form, and the province or municipality added to settle doubt."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

PROVINCES = {
    "Groningen": ("gr", "gn", "gron"),
    "Friesland": ("fr", "frl", "fryslan"),
    "Drenthe": ("dr", "dre", "drente"),
    "Overijssel": ("ov", "o", "oy"),
    "Flevoland": ("fl", "flev"),
    "Gelderland": ("gld", "gd", "ge", "gel", "gelderl"),
    "Utrecht": ("ut", "utr", "u"),
    "Noord-Holland": ("nh", "nholland"),
    "Zuid-Holland": ("zh", "zholland"),
    "Zeeland": ("ze", "zld", "zl", "zeel", "z"),
    "Noord-Brabant": ("nb", "nbr", "nbrabant", "brabant", "br"),
    "Limburg": ("l", "lb", "lim", "li", "limb", "limburgnl"),
}
"""The twelve provinces, each with its abbreviations as `name_key` writes them (CBS, BAG and daily use)."""

_HARMLESS = frozenset({
    "centrum", "stad", "dorp", "noord", "oost", "zuid", "west", "noordoost", "noordwest", "zuidoost", "zuidwest",
    "binnenstad", "buitengebied", "nederland", "nl", "netherlands", "thenetherlands", "holland", "",
})
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_SAINT = re.compile(r"\bst\b\.?")
_OF_MUNICIPALITY = re.compile(r"^\s*gem(?:eente|\.)?\s+", re.IGNORECASE)
_MUNICIPALITY_AFTER = re.compile(r"\s+gem(?:eente|\.)?\s+", re.IGNORECASE)
_ON_RIVER = re.compile(r"\s+(?:aan|a)\s+(?:de|den|het|'t)\s+", re.IGNORECASE)
_POSTCODE = re.compile(r"\s*(?:NL\s*-?\s*)?([1-9]\d{3})(?:\s*[-.]?\s*([A-Za-z]{2}))?\s*")
_POSTCODE_FIRST = re.compile(r"\s*([1-9]\d{3})\s*([A-Za-z]{2})?[\s,]+(?=\S{3})")
_COUNTRY = re.compile(r"[\s,(]+(?:NL|Nederland|The Netherlands|Netherlands)\s*\)?\s*$", re.IGNORECASE)
_NEVER_ISSUED = frozenset({"SA", "SD", "SS"})


def name_key(text: str) -> str:
    """One form of a name for comparing: lower case, letters and digits alone, no accents, ij as y, St. as Sint.

    >>> name_key("'s-Gravenhage"), name_key("St. Oedenrode"), name_key("Súdwest-Fryslân")
    ('sgravenhage', 'sintoedenrode', 'sudwestfryslan')
    """
    text = text.casefold()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if "st" in text:
        text = _SAINT.sub("sint", text)
    return _NOT_LETTERS.sub("", text).replace("ij", "y")


def name_keys(name: str) -> tuple[str, ...]:
    """The form of an official name, and of the ways people write it: ``a/d``, or ``aan de`` for ``aan den``."""
    keys = [name_key(name)]
    if _ON_RIVER.search(name):
        keys += [name_key(_ON_RIVER.sub(f" {word} ", name)) for word in ("ad", "aan de", "aan den", "aan het")]
    return tuple(dict.fromkeys(keys))


def read_postcode(text: str) -> int | None:
    """Read the four digits of a Dutch postcode.

    Parameters
    ----------
    text : str
        ``8102 HG``, ``8102hg``, ``8102`` or ``NL-8102 HG``, with spaces around it or not.

    Returns
    -------
    int or None
        1000-9999; None if the text is no Dutch postcode (the letters SA, SD and SS are never issued).
    """
    match = _POSTCODE.fullmatch(text)
    if match is None or (match[2] or "").upper() in _NEVER_ISSUED:
        return None
    return int(match[1])


def split_postcode(text: str) -> tuple[str | None, str]:
    """Take a postcode off the front of a place: ``8102 HG Raalte`` gives ``("8102 HG", "Raalte")``."""
    match = _POSTCODE_FIRST.match(text)
    if match is None:
        return None, text
    return match[0].strip(" ,"), text[match.end():]


def without_country(text: str) -> str:
    """Leave out a country at the end: ``Raalte (NL)`` and ``Raalte, Nederland`` give ``Raalte``."""
    return _COUNTRY.sub("", text).strip()


def municipality_meant(text: str) -> str | None:
    """The name after ``gemeente`` or ``gem.``, or None when the text does not begin so."""
    match = _OF_MUNICIPALITY.match(text)
    return text[match.end():] if match else None


def near_place(addition: str) -> str | None:
    """The place named in an addition like ``bij Arnhem``, or None."""
    words = addition.split(maxsplit=1)
    return words[1] if len(words) == 2 and words[0].casefold() in {"bij", "nabij", "b."} else None


def splits(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every way to read a text as a name and what was added to settle doubt, the surest first.

    Yields
    ------
    name, additions : str, tuple of str
        ``Elst (Gld)``, ``Elst, Gelderland``, ``Elst gem. Overbetuwe`` and ``Elst Gld`` all give ``Elst`` and
        one addition; ``Elst (Overbetuwe), Gelderland`` gives two.
    """
    text = _MUNICIPALITY_AFTER.sub(",", text)
    parts = [part.strip() for part in re.split(r"[,()/;]|\s-\s", text) if part.strip(" .")]
    if len(parts) > 1:
        yield parts[0], tuple(parts[1:])
        for head, _, tail in (text.rpartition(","), text.partition(",")):  # a name or an addition may hold a comma
            if head.strip() and tail.strip():
                yield head.strip(), (tail.strip(),)
        return
    head, bij, tail = text.partition(" bij ")
    if bij:
        yield head.strip(), (f"bij {tail.strip()}",)
    words = re.split(r"[\s-]+", text.strip())
    for count in (1, 2):
        if len(words) > count:
            last = " ".join(words[-count:])
            if province(last) is not None or is_harmless(last):
                yield " ".join(words[:-count]), (last,)


def province(text: str) -> str | None:
    """The province a text names or abbreviates (``NH.``, ``Gld``, ``Fryslân``), or None."""
    return _PROVINCE_KEYS.get(name_key(text))


def is_harmless(text: str) -> bool:
    """Whether an addition says nothing about which place is meant: ``centrum``, ``Zuidoost``, ``Nederland``."""
    return name_key(text) in _HARMLESS


_PROVINCE_KEYS = {key: name for name, short in PROVINCES.items() for key in (name_key(name), *short)}

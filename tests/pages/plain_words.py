"""How plain a page is: its sentences, how long they are, and words that close a door.

A sentence ends at the end of a block (heading, paragraph, item, cell, label, button) or at a full stop, question mark
or exclamation mark before a space. A stop inside a number or a time ("7.00") ends none, nor does a single letter's
("A."). What somebody wrote in own words (``data-not-ours``) is not ours to count.
"""
from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = {
    "p", "li", "h1", "h2", "h3", "dt", "dd", "label", "legend", "button", "td", "th", "caption", "summary", "div", "ul",
    "dl", "form", "fieldset", "section", "article", "nav", "main", "header", "footer", "details", "br", "option",
}  # fmt: skip
QUIET = {"script", "style", "svg", "kbd", "noscript"}
VOID = {"br", "input", "img", "meta", "link", "hr"}
_END = re.compile(r"(?<![ .][A-Za-z])[.!?]+(?=\s|$)")
_WORD = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HARD = (
    "aangaande aangezien aanvang abusievelijk accorderen additioneel alsmede alsook ambtshalve anticiperen "
    "applicatie begunstigde behoudens beoordeling beschikking bestendigen betreffende bewerkstelligen "
    "bijgevolg borgen casus cliënt communiceren competentie conform consequentie consulteren criterium "
    "curriculum dateren desalniettemin desbetreffende derhalve deskundige diagnose dienaangaande doorgaans "
    "echter effectief evalueren evaluatie evenals faciliteren feedback fungeren gedurende geschiktheid "
    "hetgeen hieromtrent hiertoe implementeren inachtneming inclusief indicatie indien informeren initiatief "
    "inzake kandidaat kwalificatie machtiging matching methode middels mits momenteel namelijk nihil "
    "niettegenstaande ofschoon omtrent onderhavig onverwijld optimaal participeren perspectief potentieel "
    "prioriteit procedure profiel raadplegen realiseren reeds relevant respectievelijk ressorteren "
    "retourneren score selectie significant specifiek status substantieel tenzij terzake teneinde traject "
    "uitstroom valideren verstrekken vertrouwelijk vervolgens verzoeken voormalig voornemens voortvloeien "
    "vooralsnog waarborgen wederom wijziging zodoende zorgdragen afgewezen afwijzen afwijzing algoritme "
    "ranglijst rang percentage punten ongeschikt helaas verboden ongeldig verplicht"
)
HARD = frozenset(_HARD.split())
"""Words that pupils of vso and pro trip over, and words that close a door or rank people."""


class _Reader(HTMLParser):
    def __init__(self, within: str) -> None:
        super().__init__(convert_charrefs=True)
        self.within = within
        self.open: list[tuple[str, bool, bool]] = []  # tag, whether it is a block, whether it is left out
        self.parts = [""]

    def _counts(self) -> bool:
        return any(tag == self.within for tag, _, _ in self.open) and not any(out for _, _, out in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        kinds = (known.get("class") or "").split()
        block = tag in BLOCKS or "btn" in kinds
        if block:
            self.parts.append("")
        if tag not in VOID:
            out = tag in QUIET or "data-not-ours" in known or known.get("aria-hidden") == "true" or "on-paper" in kinds
            self.open.append((tag, block, out))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, block, _ = self.open.pop()
            if block:
                self.parts.append("")
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._counts():
            self.parts[-1] += data


def blocks(html: str, within: str = "main") -> list[str]:
    """The texts of a page, block by block."""
    reader = _Reader(within)
    reader.feed(html)
    return [text for part in reader.parts if (text := " ".join(part.split()))]


def sentences(text: str) -> list[str]:
    """The sentences of one block."""
    found, begin = [], 0
    for end in _END.finditer(text):
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    found.append(text[begin:].strip())
    return [sentence for sentence in found if words(sentence)]


def words(text: str) -> list[str]:
    """The words of a text; a number or a time is one."""
    return _WORD.findall(text)


def hard_words(text: str) -> list[str]:
    """Which of `HARD` stand in a text, also in the plural or bent."""
    forms = HARD | {f"{word}{end}" for word in HARD for end in ("e", "en", "s")}
    return sorted({word.lower() for word in words(text)} & forms)


__all__ = ["HARD", "blocks", "hard_words", "sentences", "words"]

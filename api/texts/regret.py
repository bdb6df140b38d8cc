"""What another choice costs the others, and who would move, in sentences for connectors."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.texts.catalogue import Catalogue, count, say

REGRET: Catalogue = {
    "nothing": ("Deze keuze kost anderen niets.", "This choice costs others nothing."),
    "placed": ("Dan hebben {n} leerlingen minder een plek.", "Then {n} students fewer have a place."),
    "placed_one": ("Dan heeft 1 leerling minder een plek.", "Then 1 student fewer has a place."),
    "placed_more": ("Dan hebben {n} leerlingen meer een plek.", "Then {n} students more have a place."),
    "placed_more_one": ("Dan heeft 1 leerling meer een plek.", "Then 1 student more has a place."),
    "weight": ("Dan raakt iemand die al lang wacht een plek kwijt.",
               "Then somebody who has waited long loses a place."),
    "others": ("Voor de anderen past het samen {n} punten minder.",
               "For the others the fit is {n} points less in all."),
    "others_one": ("Voor de anderen past het samen 1 punt minder.", "For the others the fit is 1 point less in all."),
    "better": ("Voor de anderen past het samen {n} punten beter.", "For the others the fit is {n} points more in all."),
    "better_one": ("Voor de anderen past het samen 1 punt beter.", "For the others the fit is 1 point more in all."),
    "move": ("{student} gaat van {begin} naar {end}.", "{student} goes from {begin} to {end}."),
    "comes": ("{student} krijgt een plek bij {end}.", "{student} gets a place at {end}."),
    "leaves": ("{student} heeft dan geen plek meer bij {begin}.", "{student} then has no place any more at {begin}."),
}  # fmt: skip
UNNAMED: Catalogue = {
    "foreign": ("Een leerling van een andere regio", "A student of another region"),
    "erased": ("Een leerling van wie de gegevens zijn gewist", "A student whose data were erased"),
}  # fmt: skip
_POINT = 10_000  # millionths


def named_moves(
    moves: Iterable[Mapping[str, Any]], students: Mapping[str, Any], openings: Mapping[str, Any], *, lang: str,
    regions: frozenset[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return moves with student_name, from_name and to_name; who is of none of ``regions``, or erased, is not named."""
    return [
        {**move, "student_name": _name(students.get(move["student"]), lang, regions),
         "from_name": _place(openings.get(move["from"] or "")), "to_name": _place(openings.get(move["to"] or ""))}
        for move in moves
    ]  # fmt: skip


def _name(student: Mapping[str, Any] | None, lang: str, regions: frozenset[str]) -> str:
    if student is None:  # of whom a run still tells where the plan had them
        return say(UNNAMED, "erased", lang)
    if student["region"] not in regions:
        return say(UNNAMED, "foreign", lang)
    first = student["first_name"]
    return f"{first} ({student['student_ref']})" if first else str(student["student_ref"])


def _place(opening: Mapping[str, Any] | None) -> str:
    return "" if opening is None else f"{opening['title'] or opening['vacancy_ref']}, {opening['employer']}"


def regret_sentences(regret: Mapping[str, Any], moves: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Return the cost for others, then every move; ``moves`` carry student_name, from_name and to_name."""
    return [*_costs(regret, moves, lang), *move_sentences(moves, lang)]


def _costs(regret: Mapping[str, Any], moves: Sequence[Mapping[str, Any]], lang: str) -> Iterator[str]:
    lost = sum((move["from"] is not None) - (move["to"] is not None) for move in moves)
    if lost:
        yield count(REGRET, "placed" if lost > 0 else "placed_more", abs(lost), lang)
    elif regret["placed_loss"] > 0:
        yield say(REGRET, "weight", lang)
    points = round(regret["others_loss"] / _POINT)
    if points:
        yield count(REGRET, "others" if points > 0 else "better", abs(points), lang)
    if not lost and not points and not regret["placed_loss"]:
        yield say(REGRET, "nothing", lang)


def move_sentences(moves: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Return who goes from where to where."""
    return [
        say(REGRET, "comes" if not move["from"] else "leaves" if not move["to"] else "move", lang,
            student=move["student_name"], begin=move["from_name"], end=move["to_name"])
        for move in moves
    ]  # fmt: skip

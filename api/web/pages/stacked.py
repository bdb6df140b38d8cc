"""Tables that become cards on a phone: every cell says under which head it stands."""
from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_TAG = re.compile(r"<(tr|t[dh])\b([^>]*)>(\s*</td>)?")


def labelled(rows: Markup, head: Sequence[str | tuple[str, str]]) -> Markup:
    """Write the head of its column into every cell that has something in it and says none; values come escaped.

    >>> labelled(Markup("<tr><th>Noor</th><td>12</td><td></td></tr>"), ["Wie", ("Punten", "num"), "Stand"])
    Markup('<tr><th>Noor</th><td data-label="Punten">12</td><td></td></tr>')
    """
    words = [cell if isinstance(cell, str) else cell[0] for cell in head]
    column = 0

    def write(found: re.Match[str]) -> str:
        nonlocal column
        name, more, empty = found.groups()
        if name == "tr":
            column = 0
            return found[0]
        word = words[column] if column < len(words) else ""
        column += 1
        if name == "th" or empty or not word or "data-label" in more or "colspan" in more:
            return found[0]
        return f'<td data-label="{escape(word)}"{more}>'

    return Markup(_TAG.sub(write, rows))  # what came in is markup, and what is added is escaped


__all__ = ["labelled"]

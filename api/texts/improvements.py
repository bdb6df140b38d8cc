"""Would fit better if: one change of a workplace or of a wish, as a sentence that says who would change what."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

IMPROVEMENTS: Catalogue = {
    "support": ("Als de werkgever dit biedt: {item}.", "If the employer offers this: {item}."),
    "condition": ("Als dit in het werk niet hoeft: {item}.", "If this is no part of the work: {item}."),
    "hours": ("Als de werkgever {hours} uur per week geeft.", "If the employer gives {hours} hours a week."),
    "later": ("Als het werk om {time} begint.", "If the work starts at {time}."),
    "task": ("Als deze taak niet hoeft: {item}.", "If this task is not needed: {item}."),
    "skill": ("Als de leerling dit daar mag leren: {item}.", "If the student may learn this there: {item}."),
    "contract": ("Als het contract dit wordt: {item}.", "If the contract becomes this: {item}."),
    "route": ("Als het werk dit wordt: {item}.", "If the work becomes this: {item}."),
    "certificate": ("Als de leerling dit daar kan halen: {item}.", "If the student can earn this there: {item}."),
    "branch": ("Als de leerling ook deze branche wil: {item}.", "If the student also wants this branch: {item}."),
    "travel": ("Als de leerling zo kan reizen: {item}.", "If the student can travel like this: {item}."),
    "rule": ("{sentence} Als dat anders kan, past het.", "{sentence} If that can change, it fits."),
}  # fmt: skip
"""By the first part of an improvement's key."""

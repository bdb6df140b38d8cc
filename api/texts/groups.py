"""Does a group fit here? The answer in words: for an employer without any number, for a connector with names."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

GROUPS: Catalogue = {
    "none_fit": ("In de buurt past nu niemand bij deze vraag.", "Nobody nearby fits this question now."),
    "few_fit": ("In de buurt passen nu te weinig leerlingen.", "Too few students nearby fit now."),
    "hidden_fit": ("In de buurt past nu niemand bij deze vraag, of maar een paar leerlingen. "
                   "Bespreek het met de verbinder.",
                   "Nobody nearby fits this question now, or just a few students. Talk about it with the connector."),
    "about_fit": ("In de buurt passen nu ongeveer zo veel leerlingen als er nodig zijn.",
                  "About as many students as are needed fit nearby now."),
    "enough_fit": ("In de buurt passen genoeg leerlingen.", "Enough students nearby fit."),
    "ample_fit": ("In de buurt passen ruim genoeg leerlingen.", "More than enough students nearby fit."),
    "group_opens": ("De groep kan dan waarschijnlijk beginnen.", "The group can probably start then."),
    "group_closed": ("De groep kan dan nog niet beginnen. Bespreek het met de verbinder.",
                     "The group cannot start yet. Talk about it with the connector."),
    "place_opens": ("De plek wordt dan waarschijnlijk gevuld.", "The place will probably be filled then."),
    "place_closed": ("De plek blijft dan waarschijnlijk leeg. Bespreek het met de verbinder.",
                     "The place will probably stay empty. Talk about it with the connector."),
    "group_depends": ("Of de groep dan kan beginnen, weet de verbinder.",
                      "The connector knows whether the group can start then."),
    "place_depends": ("Of de plek dan wordt gevuld, weet de verbinder.",
                      "The connector knows whether the place will be filled then."),
    "eligible": ("{n} leerlingen komen in aanmerking.", "{n} students are eligible."),
    "eligible_one": ("1 leerling komt in aanmerking.", "1 student is eligible."),
    "closes": ("De groep {opening} gaat dan niet open.", "The group {opening} does not open then."),
    "here": ("deze nieuwe plek", "this new place"),
}  # fmt: skip

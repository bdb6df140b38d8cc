"""How long each kind of what is stored stays, in words; the figures are those of the policy that holds."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

KEEPS: Catalogue = {
    "organisation": ("zolang de organisatie meedoet, en dan 24 maanden",
                     "as long as the organisation takes part, then 24 months"),
    "account": ("zolang het account wordt gebruikt, en dan 24 maanden",
                "as long as the account is in use, then 24 months"),
    "session": ("30 dagen nadat het is geëindigd; de laatste keer van een account zolang het account er is",
                "30 days after it ended; an account's last one as long as the account"),
    "throttle": ("1 dag", "1 day"),
    "profile": ("{profile_months} maanden na het laatste dat de school of een verbinder over de leerling zei: een "
                "bestemming, het einde van een plek, een lijst, een wijziging of een besluit; niet zolang een "
                "plaatsing loopt",
                "{profile_months} months after the last thing that the school or a connector said of the student: a "
                "destination, the end of a placement, a list, a change or a decision; not while a placement runs"),
    "upload_file": ("{upload_file_days} dagen", "{upload_file_days} days"),
    "run": ("{run_months} maanden, als getallen; de naam bij een getal verdwijnt met de persoon",
            "{run_months} months, as numbers; the name behind a number goes with the person"),
    "decision": ("{decision_months} maanden", "{decision_months} months"),
    "audit": ("{decision_months} maanden", "{decision_months} months"),
    "presence": ("1 dag", "1 day"),
    "oversight": ("12 maanden; korter als de berekening eerder verdwijnt",
                  "12 months; shorter where the run goes before"),
    "answer": ("24 uur", "24 hours"),
    "code": ("14 dagen", "14 days"),
    "draft": ("30 dagen", "30 days"),
    "backup": ("back-ups {backup_days} dagen; wie gewist is 35 dagen, zolang een back-up iemand kan terugbrengen",
               "backups {backup_days} days; who was erased 35 days, as long as a backup may bring the person back"),
}  # fmt: skip
"""By the retention classes of `api.store.dictionary`."""

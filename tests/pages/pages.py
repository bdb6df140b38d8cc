"""Every page, in every state: one line each. Whoever adds a page adds its lines here.

``path`` may hold ids of `tests.pages.world.World` in braces. ``state`` is filled, empty or error; for an error, ``act``
does on the open page what brings it about.
"""
from __future__ import annotations

from typing import Any

from tests.pages.pages_people import PEOPLE
from tests.pages.states import PageState, press


def reject_without_reason(page: Any) -> None:
    """Say that it does not fit, and not why."""
    page.locator("details.reject summary").click()
    press("#past-niet .actions button")(page)


def end_without_reason(page: Any) -> None:
    """Report the end of a placement, and not why."""
    press("main table a[href*='plaatsing']")(page)
    press("form[action$='/einde'] button", "details.more summary")(page)


def save_wishes(page: Any) -> None:
    """Save the language that the page has."""
    page.locator(f"input[name=lang][value={page.evaluate('document.documentElement.lang')}]").check()
    press("main form[action='/mijn-account'] button")(page)


def late(page: Any) -> None:
    """Fill in a day that is none, and more hours at least than at most."""
    page.fill("[name=leaves_on]", "volgend jaar")
    page.fill("[name=hours_min]", "40")
    press("main form button")(page)


def arrange(page: Any) -> None:
    """Say that what one arranges is done, whatever stood there before."""
    press("main form button")(page)
    if page.locator("main .tag.good").count() == 0:
        press("main form button")(page)


def print_codes(page: Any) -> None:
    """Make codes for two students."""
    for box in page.locator("[name=student]").all()[:2]:
        box.check()
    press("main form button")(page)


def choose_twice(page: Any) -> None:
    """Say of two columns that they are the same field."""
    page.locator("#column-0").select_option("birth_date")
    press("main form button")(page)


PAGES: tuple[PageState, ...] = (
    PageState("inloggen", "", "/inloggen"),
    PageState("inloggen-fout", "", "/inloggen", "error", act=press("main button")),
    PageState("hulp", "", "/hulp"),
    PageState("hulp-ingelogd", "school", "/hulp"),
    PageState("zo-werkt-het-voorstel", "", "/zo-werkt-het-voorstel"),
    PageState("privacy", "", "/privacy"),
    PageState("toegankelijkheid", "", "/toegankelijkheid"),
    PageState("niet-gevonden", "", "/nergens", "error", 404),
    PageState("niet-gevonden-ingelogd", "connector", "/nergens", "error", 404),
    PageState("niet-voor-jouw-rol", "school", "/vandaag", "error", 403),
    PageState("mijn-account", "connector", "/mijn-account"),
    PageState("mijn-account-opgeslagen", "employer", "/mijn-account", act=save_wishes),
    PageState("tweede-stap", "school", "/mijn-account/tweede-stap"),
    PageState("tweede-stap-instellen", "school", "/mijn-account/tweede-stap", act=press("main form button")),
    PageState("wachtwoord", "school", "/wachtwoord"),
    PageState("wachtwoord-fout", "school", "/wachtwoord", "error", act=press("main button")),
    PageState("start-school", "school", "/start"),
    PageState("lijsten", "school", "/lijsten"),
    PageState("lijsten-leeg", "new_school", "/lijsten", "empty"),
    PageState("lijst-bestand", "school", "/lijsten/nieuw"),
    PageState("lijst-bestand-fout", "school", "/lijsten/nieuw", "error", act=press("main form button")),
    PageState("lijst-kolommen", "school", "/lijsten/concept/{draft_columns}/kolommen"),
    PageState("lijst-kolommen-fout", "school", "/lijsten/concept/{draft_columns}/kolommen", "error", act=choose_twice),
    PageState("lijst-controleren", "school", "/lijsten/concept/{draft_check}/controleren"),
    PageState("lijst-controleren-alle", "school", "/lijsten/concept/{draft_check}/controleren?alle=1"),
    PageState("lijst-nakijken", "school", "/lijsten/concept/{draft_review}/nakijken"),
    PageState("lijst-klaar", "school", "/lijsten/{list_done}"),
    PageState("leerlingen", "school", "/leerlingen"),
    PageState("leerlingen-geen", "school", "/leerlingen?toestemming=talk", "empty"),
    PageState("leerlingen-leeg", "new_school", "/leerlingen", "empty"),
    PageState("leerling", "school", "/leerlingen/{own_student}"),
    PageState("leerling-fout", "school", "/leerlingen/{own_student}", "error",
              act=press("form[action*='/vragen/'] button")),
    *(PageState(f"leerling-{topic}", "school", f"/leerlingen/{{own_student}}/bewerken/{topic}")
      for topic in ("travel", "wish", "skill", "need")),
    PageState("leerling-bewerken-fout", "school", "/leerlingen/{own_student}/bewerken/time", "error", act=late),
    PageState("leerling-naast", "school", "/leerlingen/{own_student}/naast"),
    PageState("hulpvraag-leerling", "school", "/leerlingen/{own_student}/hulp"),
    PageState("hulpvraag-leerling-fout", "school", "/leerlingen/{own_student}/hulp", "error",
              act=press("main form button")),
    PageState("hulpvragen", "municipality", "/hulpvragen", "empty"),
    PageState("leerling-wissen", "school", "/leerlingen/{own_student}/wissen"),
    PageState("leerling-wissen-fout", "school", "/leerlingen/{own_student}/wissen", "error",
              act=press("main form button")),
    PageState("leerling-naast-fout", "school", "/leerlingen/{own_student}/naast", "error",
              act=press("form[action$='/machtigingen'] button", "main summary")),
    PageState("wegwijzer", "school", "/wegwijzer"),
    PageState("wegwijzer-geen", "school", "/wegwijzer?soort=municipality", "empty"),
    *(PageState(f"wegwijzer-{role}", role, "/wegwijzer") for role in ("employer", "connector", "municipality")),
    PageState("organisatie", "school", "/organisatie/{school}"),
    PageState("organisatie-leeg", "new_school", "/organisatie", "empty"),
    PageState("organisatie-fout", "school", "/organisatie/{school}", "error",
              act=press("form[action$='/contactpersonen'] button", "main details:last-of-type > summary >> nth=-1")),
    PageState("uitkomsten", "school", "/uitkomsten"),
    PageState("uitkomsten-leeg", "new_school", "/uitkomsten", "empty"),
    PageState("uitkomst-melden", "school", "/uitkomsten/{placed_student}"),
    PageState("uitkomst-melden-fout", "school", "/uitkomsten/{placed_student}", "error",
              act=press("main form button")),
    PageState("wat-jij-regelt", "school", "/afspraken"),
    PageState("wat-jij-regelt-begeleider", "coach", "/afspraken"),
    PageState("wat-jij-regelt-gedaan", "coach", "/afspraken", act=arrange),
    PageState("wat-jij-regelt-leeg", "new_school", "/afspraken", "empty"),
    PageState("route", "school", "/route/{placed_student}"),
    PageState("route-leeg", "coach", "/route/{own_student}", "empty"),
    PageState("route-fout", "coach", "/route/{placed_student}", "error",
              act=press("form[action*='/momenten/'] button", "main summary")),
    PageState("mijn-jongeren", "coach", "/mijn-jongeren"),
    PageState("start-nieuwe-school", "new_school", "/start", "empty"),
    PageState("toestemming", "school", "/toestemming"),
    PageState("toestemming-leeg", "new_school", "/toestemming", "empty"),
    PageState("toestemming-fout", "school", "/toestemming", "error", act=press("main form button")),
    PageState("toestemming-codes", "school", "/toestemming", act=print_codes),
    PageState("lijst-geweigerd", "school", "/lijsten/{list_refused}"),
    PageState("vandaag", "connector", "/vandaag"),
    PageState("vandaag-leeg", "empty", "/vandaag", "empty"),
    PageState("voorstellen", "connector", "/voorstellen"),
    PageState("voorstellen-per-leerling", "connector", "/voorstellen?per=leerling"),
    PageState("voorstellen-later-leeg", "connector", "/voorstellen?tab=later", "empty"),
    PageState("voorstellen-zonder-resultaat", "connector", "/voorstellen?branche=cleaning&past=nog-niet", "empty"),
    PageState("voorstellen-leeg", "empty", "/voorstellen", "empty"),
    PageState("voorstellen-niets-gekozen", "connector", "/voorstellen", "error", act=press("button[value=later]")),
    PageState("voorstellen-samen", "connector", "/voorstellen/samen?doe=past-niet&voorstel={rich}&voorstel={group}"),
    PageState("voorstellen-samen-weg", "connector", "/voorstellen/samen?doe=later&voorstel={rich}&voorstel=verhuisd"),
    PageState("voorstellen-samen-fout", "connector", "/voorstellen/samen?doe=past-niet&voorstel={rich}", "error",
              act=press("main .actions button")),
    PageState("beoordelen", "connector", "/voorstellen/{rich}"),
    PageState("beoordelen-groep", "connector", "/voorstellen/{group}"),
    PageState("beoordelen-eerst-zelf", "connector", "/voorstellen/{first}"),
    PageState("beoordelen-eerst-zelf-fout", "connector", "/voorstellen/{first}", "error",
              act=press("form[action*=eerst] button")),
    PageState("beoordelen-fout", "connector", "/voorstellen/{rich}", "error", act=reject_without_reason),
    PageState("wat-als", "connector", "/voorstellen/{rich}/wat-als?wat={change}"),
    PageState("vergelijken", "connector", "/vergelijken?plek={group_opening}"),
    PageState("leerling-verbinder", "connector", "/leerlingen/{student}/verbinder"),
    PageState("plekken-wachten-leeg", "empty", "/plekken/wachten", "empty"),
    PageState("plek", "connector", "/plekken/{opening}"),
    PageState("gesprekskaart-leerling", "connector", "/leerlingen/{student}/gesprekskaart"),
    PageState("gesprekskaart-plek", "connector", "/plekken/{opening}/gesprekskaart"),
    PageState("geschiedenis", "connector", "/geschiedenis"),
    PageState("geschiedenis-leeg", "empty", "/geschiedenis", "empty"),
    PageState("berekeningen", "connector", "/berekeningen"),
    PageState("berekeningen-leeg", "empty", "/berekeningen", "empty"),
    PageState("berekening-nieuw", "connector", "/berekeningen/{new_run}"),
    PageState("berekening-overgenomen", "connector", "/berekeningen/{run}"),
    PageState("opvolging", "connector", "/opvolging"),
    PageState("kennismaking-verbinder", "connector", "/opvolging", act=press("main table a[href*='kennismaking']")),
    PageState("opvolging-plaatsing", "connector", "/opvolging", act=press("main table a[href*='plaatsing']")),
    PageState("opvolging-aanpassingen", "connector", "/opvolging/plaatsing/{placement}", world="people"),
    PageState("opvolging-plaatsing-fout", "connector", "/opvolging", "error", act=end_without_reason),
    PageState("opvolging-leeg", "empty", "/opvolging", "empty"),
    PageState("kijk-eerst-zelf", "connector", "/kijk-eerst-zelf"),
    PageState("kijk-eerst-zelf-fout", "connector", "/kijk-eerst-zelf?regio=AM36", "error",
              act=press("main form button")),
    PageState("groep", "connector", "/groep"),
    PageState("groep-fout", "connector", "/groep", "error", act=press("main .actions button")),
    PageState("delen", "connector", "/delen"),
    PageState("delen-wacht", "connector", "/delen?tab=wacht"),
    PageState("delen-gedeeld", "connector", "/delen?tab=gedeeld"),
    PageState("delen-leeg", "empty", "/delen", "empty"),
    PageState("delen-controle", "connector", "/delen/controle?keuze={ready_decision}&keuze={accepted_decision}"),
    PageState("gedeeld", "connector", "/delen/{release}"),
    PageState("zonder-plek", "connector", "/zonder-plek"),
    PageState("zonder-plek-leeg", "empty", "/zonder-plek", "empty"),
    PageState("waar-een-plek-helpt", "connector", "/waar-een-plek-helpt"),
    PageState("waar-een-plek-helpt-leeg", "empty", "/waar-een-plek-helpt", "empty"),
    PageState("zoeken", "connector", "/zoeken"),
    PageState("zoeken-fout", "connector", "/zoeken", "error", act=press("main form button")),
    PageState("zoeken-leerling", "connector", "/zoeken?leerling={student}"),
    PageState("zoeken-plek", "connector", "/zoeken?plek={opening}"),
    PageState("toch-voorstellen", "connector", "/zoeken/{student}/{other_opening}"),
    PageState("toch-voorstellen-staat-er-al", "connector", "/zoeken/{student}/{opening}"),
    PageState("toch-voorstellen-fout", "connector", "/zoeken/{student}/{other_opening}", "error",
              act=press("main .actions button")),
    PageState("verouderd", "connector", "/verouderd"),
    PageState("werkgever-reageerde-leeg", "empty", "/werkgever-reageerde", "empty"),
    PageState("dashboard", "municipality", "/dashboard?jaar=2025"),
    PageState("dashboard-leeg", "municipality", "/dashboard?jaar=2001", "empty"),
    PageState("dashboard-plekken", "connector", "/dashboard?jaar=2026&toon=open_places"),
    PageState("versheid", "municipality", "/versheid"),
    PageState("hoe-besloten", "connector", "/hoe-besloten?regio=AM36"),
    PageState("hoe-besloten-beheerder", "administrator", "/hoe-besloten?regio=AM36"),
    PageState("hoe-besloten-leeg", "empty", "/hoe-besloten", "empty"),
    PageState("trechter", "municipality", "/trechter?jaar=2025"),
    PageState("trechter-leeg", "municipality", "/trechter?jaar=2001&regio=AM01", "empty"),
    PageState("knelpunten", "municipality", "/knelpunten"),
    PageState("knelpunten-leeg", "municipality", "/knelpunten?regio=AM30", "empty"),
    PageState("gelijke-kansen", "municipality", "/gelijke-kansen?jaar=2025"),
    PageState("gelijke-kansen-leeg", "municipality", "/gelijke-kansen?jaar=2001", "empty"),
    PageState("beheer", "administrator", "/beheer"),
    PageState("beheer-logboek", "administrator", "/beheer/logboek"),
    PageState("beheer-logboek-heel", "administrator", "/beheer/logboek", act=press("main form button")),
    PageState("beheer-berekeningen", "administrator", "/beheer/berekeningen"),
    PageState("beheer-bewaartermijnen", "administrator", "/beheer/bewaartermijnen"),
    PageState("beheer-accounts", "administrator", "/beheer/accounts"),
    PageState("beheer-accounts-leeg", "administrator",
              "/beheer/accounts?rol=administrator&na={administrator_account}", "empty"),
    PageState("beheer-account", "administrator", "/beheer/accounts/{school_account}"),
    PageState("beheer-account-fout", "administrator", "/beheer/accounts/{school_account}", "error",
              act=press("main form[action$='/stand'] button")),
    PageState("beheer-account-nieuw", "administrator", "/beheer/accounts/nieuw"),
    PageState("beheer-account-nieuw-fout", "administrator", "/beheer/accounts/nieuw", "error",
              act=press("main form button")),
    PageState("beheer-stopknop", "administrator", "/beheer/stopknop"),
    PageState("beheer-stopknop-fout", "administrator", "/beheer/stopknop", "error", act=press("main form button")),
    PageState("beheer-organisaties", "administrator", "/beheer/organisaties"),
    PageState("beheer-organisaties-leeg", "administrator", "/beheer/organisaties?soort=referrer&wacht=ja", "empty"),
    PageState("beheer-organisatie", "administrator", "/beheer/organisaties/{employer_party}"),
    PageState("beheer-projecten", "administrator", "/beheer/organisaties/{employer_party}/projecten"),
    PageState("beheer-projecten-leeg", "administrator", "/beheer/organisaties/{other_employer_party}/projecten",
              "empty"),
    PageState("beheer-projecten-fout", "administrator", "/beheer/organisaties/{employer_party}/projecten", "error",
              act=press("main form button")),
    PageState("beheer-project", "administrator", "/beheer/projecten/{project}"),
    PageState("beheer-project-opgeslagen", "administrator", "/beheer/projecten/{project}",
              act=press("main form button")),
    PageState("beheer-back-ups", "administrator", "/beheer/back-ups", "empty"),
    PageState("beheer-back-ups-gemaakt", "administrator", "/beheer/back-ups", world="people"),
    PageState("beheer-noodtoegang", "administrator", "/beheer/noodtoegang", "empty"),
    PageState("beheer-noodtoegang-fout", "administrator", "/beheer/noodtoegang", "error",
              act=press("main form button")),
    PageState("beheer-wissen", "administrator", "/beheer/wissen"),
    PageState("beheer-wissen-fout", "administrator", "/beheer/wissen", "error", act=press("main form button")),
    PageState("beheer-noodtoegang-gebruikt", "administrator", "/beheer/noodtoegang", world="people"),
    PageState("beheer-algoritmeregister", "administrator", "/beheer/algoritmeregister"),
    PageState("beheer-organisatie-nieuw", "administrator", "/beheer/organisaties/nieuw"),
    PageState("beheer-organisatie-nieuw-fout", "administrator", "/beheer/organisaties/nieuw", "error",
              act=press("main form button")),
    PageState("beheer-beleid", "administrator", "/beheer/beleid"),
    PageState("beheer-beleid-nieuw", "administrator", "/beheer/beleid/nieuw"),
    PageState("beheer-beleid-nieuw-fout", "administrator", "/beheer/beleid/nieuw", "error",
              act=press("button[value=compare]")),
    PageState("account-openen", "", "/account-openen"),
    PageState("account-openen-fout", "", "/account-openen", "error", act=press("main button")),
    *PEOPLE,
)

__all__ = ["PAGES", "PageState", "press"]

"""The columns of the three lists: English and Dutch header, what people call them, what is required.

Headers are compared by `plain`: lower case, letters and digits alone, without accents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``name`` is the English header and the field, ``dutch`` the Dutch header.

    ``others`` are headers that people use for it, space-separated in `plain` form. ``free`` marks numbers that
    may pass the 11-test of a BSN by chance and are none: KvK, leerbedrijf, crebo.
    """

    name: str
    dutch: str
    others: str = ""
    required: bool = False
    free: bool = False

    def header(self, lang: str) -> str:
        """The header in ``lang``."""
        return self.dutch if lang == "nl" else self.name

    def words(self) -> tuple[str, ...]:
        """Every header that means this column, in plain form."""
        return tuple(dict.fromkeys((plain(self.name), plain(self.dutch), *self.others.split())))


def plain(header: str) -> str:
    """The header in lower case, letters and digits alone, accents taken off."""
    text = unicodedata.normalize("NFKD", header).casefold()
    return "".join(char for char in text if char.isalnum())


LEAVERS = (
    Column(
        "student_ref", "leerlingnummer",
        "leerlingnr leerlingid leerlingcode leerlingkenmerk studentnummer studentnr studentid stamnummer"
        " stamnr stamnrleerling deelnemernummer deelnemernr deelnemerid kandidaatnummer kandidaatid"
        " clientnummer studentnumber pupilid pupilnumber pupilref llnr llnummer administratienummer",
        required=True,
    ),
    Column(
        "school", "brin",
        "brinnummer brinnr brincode brinvestiging brin6 brinvest schoolbrin schoolcode instellingscode"
        " vestigingscode brinnumber",
    ),
    Column(
        "referrer", "verwijzer",
        "verwijzerkvk verwijzerkvknummer kvkverwijzer verwijzendeorganisatie verwijzerorganisatie aanmelder"
        " aangemelddoor verwezendoor aanmeldendeorganisatie referredby referringorganisation",
    ),
    Column(
        "school_type", "schooltype",
        "schoolsoort soortschool onderwijstype onderwijssoort soortonderwijs typeonderwijs typeschool"
        " typeofschool",
    ),
    Column("leaving_profile", "uitstroomprofiel", "vsoprofiel profiel uitstroomrichting"),
    Column("first_name", "voornaam", "roepnaam voornamen firstname givenname"),
    Column(
        "birth_date", "geboortedatum",
        "geboren gebdatum gebdat geborenop datumgeboorte geboortedag dateofbirth dob birthdate birthday",
        required=True,
    ),
    Column("enrolled", "ingeschreven", "staatingeschreven isingeschreven ingeschrevenopschool enrolledatschool"),
    Column(
        "leaves_on", "uitstroomdatum",
        "gaatvanschoolop datumuitstroom uitstroomop datumuitschool datumvanschool uitschool"
        " datumuitschrijving uitschrijfdatum datumvanvertrek vertrekdatum"
        " datumvertrek schoolverlaatdatum verlaatschoolop verlaatdatum einddatumschool leavingdate leavedate"
        " leaveson dateofleaving",
    ),
    Column(
        "available_from", "beschikbaar_vanaf",
        "beschikbaarper datumbeschikbaar kanbeginnenop kanstartenop kanbeginnenvanaf availablefrom"
        " availabledate",
    ),
    Column("postcode", "postcode", "pc pc4 pc6 postcodeleerling postcodewoonadres zip zipcode postalcode"),
    Column(
        "place", "woonplaats",
        "plaats woonplaatsleerling woongemeente gemeente stad city town placeofresidence residence",
    ),
    Column(
        "travel_means", "vervoer",
        "vervoermiddel vervoermiddelen vervoersmiddel vervoersmiddelen vervoerswijze reiswijze reistmet"
        " transport meansoftravel meansoftransport travelmode",
    ),
    Column(
        "max_km", "max_km",
        "hoogstenskilometer maxafstand maximaleafstand maxreisafstand maximalereisafstand reisafstand reisafstandkm"
        " maxkilometers maximumkm maximaalkm maxafstandkm maxdistance maxdistancekm",
    ),
    Column(
        "max_minutes", "max_minuten",
        "hoogstensminutenreizen maxreistijd maximalereistijd reistijd reistijdminuten maximumminuten maximaalminuten"
        " maxreistijdminuten maxtraveltime maxtraveltimeminutes traveltime",
    ),
    Column(
        "travels_alone", "reist_zelf",
        "reistzelfstandig zelfstandigreizen kanzelfreizen reistalleen zelfreizen travelsindependently"
        " travelsalone",
    ),
    Column(
        "hours_min", "uren_min",
        "minsteurenperweek"
        " minuren minimumuren minimaleuren urenminimaal urenvanaf urenperweekmin minimumaantaluren urenminimum"
        " minhours minimumhours",
    ),
    Column(
        "hours_max", "uren_max",
        "meesteurenperweek"
        " maxuren maximumuren maximaleuren urenmaximaal urentot urenperweekmax maximumaantaluren urenmaximum"
        " maxhours maximumhours",
    ),
    Column(
        "branches", "branches",
        "wilwerkenin branche branchevoorkeur branchevoorkeuren voorkeursbranche voorkeursbranches gewenstebranche"
        " gewenstebranches sector sectoren branch branchpreferences",
    ),
    Column(
        "branches_excluded", "branches_niet",
        "wilnietwerkenin geenbranche geenbranches ongewenstebranches nietbranches uitgeslotenbranches excludedbranches"
        " branchesnot",
    ),
    Column("route", "route", "routes leerroute gewensteroute alleenofineengroep"),
    Column(
        "contract_types", "contractvormen",
        "soortplek contractvorm contract contracttype contracttypen soortcontract contracttypes",
    ),
    Column("tasks_wanted", "wil_doen", "wensen taakwensen gewenstetaken wilgraagdoen wantedtasks taskswanted"),
    Column("tasks_disliked", "wil_niet_doen", "wilnietdoen ongewenstetaken dislikedtasks unwantedtasks"),
    Column("tasks_mastered", "kan_al", "beheerstetaken kanal beheerst masteredtasks"),
    Column("experience", "ervaring", "werkervaring stageervaring eerderestages stages workexperience"),
    Column("own_words", "zelf_gezegd", "eigenwoorden ineigenwoorden zelfverteld ownwords"),
    Column(
        "work_skills", "werkvaardigheden",
        "werkvaardigheid vaardigheden werknemersvaardigheden arbeidsvaardigheden skills workskills",
    ),
    Column(
        "support_needed", "begeleiding_nodig",
        "heeftnodig begeleidingsbehoefte begeleidingsbehoeften ondersteuningnodig ondersteuningsbehoefte"
        " nodigebegeleiding supportneeds supportneeded neededsupport",
    ),
    Column(
        "support_half_days", "begeleiding_dagdelen",
        "dagdelenbegeleidingperweek dagdelenbegeleiding dagdelen begeleidingsdagdelen supporthalfdays halfdayssupport",
    ),
    Column("conditions_wanted", "werk_graag", "fijninhetwerk werkgraag gewensteomstandigheden wantedconditions"),
    Column(
        "conditions_unacceptable", "werk_niet",
        "kannietinhetwerk werkniet ongewensteomstandigheden unacceptableconditions",
    ),
    Column("certificates", "certificaten", "certificaat diplomas behaaldecertificaten certificate certificatesheld"),
    Column("level", "niveau", "opleidingsniveau diplomaniveau hoogstediploma diploma educationlevel"),
    Column(
        "work_capacity", "arbeidsvermogen",
        "heeftarbeidsvermogen kanwerken workcapacity abletowork",
        required=True,
    ),
    Column(
        "consent_on", "toestemming_op",
        "toestemmingvooraanmelden datumtoestemming toestemmingsdatum toestemmingdatum consentdate consentgivenon",
    ),
    Column(
        "confirmed_on", "bevestigd_op",
        "datumbevestigd bevestigingsdatum laatstbevestigd actueelop confirmeddate lastconfirmed",
    ),
    Column("destination", "bestemming", "bestemmingnu uitstroomnaar huidigebestemming currentdestination"),
)  # fmt: skip

VACANCIES = (
    Column(
        "vacancy_ref", "vacaturenummer",
        "vacaturenr vacatureid vacaturecode nummervacature vacancyid vacancynumber vacancycode",
        required=True,
    ),
    Column(
        "employer_kvk", "kvk",
        "kvknummer kvknr kamervankoophandel nummerkvk kvkwerkgever werkgeverkvk kvkbedrijf kvknumber"
        " chamberofcommerce",
        required=True,
        free=True,
    ),
    Column(
        "employer", "werkgever",
        "bedrijf bedrijfsnaam naamwerkgever werkgeversnaam naambedrijf organisatie company employername"
        " companyname",
    ),
    Column("title", "functie", "functienaam functietitel titel vacaturetitel naamvacature beroep jobtitle job"),
    Column("tasks", "taken", "werkzaamheden taak takenpakket werktaken task duties", required=True),
    Column(
        "description", "omschrijving",
        "beschrijving vacatureomschrijving functieomschrijving toelichting jobdescription",
    ),
    Column("branch", "branche", "branches sector bedrijfstak", required=True),
    Column("postcode", "postcode", "pc pc4 pc6 postcodewerkplek postcodebedrijf zip zipcode postalcode"),
    Column(
        "place", "plaats",
        "woonplaats werkplaats standplaats vestigingsplaats gemeente werklocatie stad city town location",
    ),
    Column(
        "starts_on", "startdatum",
        "begindatum ingangsdatum startop start aanvang aanvangsdatum datumstart datuminstroom instroomdatum"
        " startdate startingdate",
        required=True,
    ),
    Column(
        "places", "plekken",
        "aantalplekken plaatsen aantalplaatsen aantal aantalleerwerkplekken aantalleerwerkplaatsen capaciteit"
        " numberofplaces seats",
        required=True,
    ),
    Column(
        "min_to_open", "minimum_groep",
        "minimumaantal mingroep groepsminimum minimumgroepsgrootte minimaaldeelnemers mintoopen minimumgroup",
    ),
    Column("present", "al_aanwezig", "aanwezig reedsaanwezig alingroep alreadypresent"),
    Column("certainty", "zekerheid", "vasteplek certain"),
    Column("duration_months", "duur_maanden", "duur duurinmaanden looptijd looptijdmaanden aantalmaanden duration"),
    Column("route", "route", "soortroute leerroute"),
    Column("entry", "instroom", "soortinstroom instroomvorm typeinstroom entrytype"),
    Column("contract_type", "contractvorm", "contract contractvormen soortcontract contracttype typecontract"),
    Column("participation_option", "deelnamevorm", "deelnameoptie optie option"),
    Column("participation_criteria", "instapcriteria", "criteria deelnamecriteria instapeisen entrycriteria"),
    Column(
        "hours_min", "uren_min",
        "minuren minimumuren minimaleuren urenminimaal urenvanaf urenperweekmin minhours urenminimum"
        " minimumhours",
    ),
    Column(
        "hours_max", "uren_max",
        "maxuren maximumuren maximaleuren urenmaximaal urentot urenperweekmax maxhours urenmaximum"
        " maximumhours",
    ),
    Column("starts_at", "begintijd", "starttijd aanvangstijd begintom beginttijd begint starttime startsat"),
    Column("ends_at", "eindtijd", "eindigtom eindigt endtime endsat"),
    Column("age_min", "leeftijd_min", "minleeftijd minimumleeftijd minimaleleeftijd leeftijdvanaf minage minimumage"),
    Column("age_max", "leeftijd_max", "maxleeftijd maximumleeftijd maximaleleeftijd leeftijdtot maxage maximumage"),
    Column("level_min", "niveau_min", "minniveau minimumniveau minimaalniveau niveau minlevel minimumlevel"),
    Column(
        "certificates_required", "certificaten_nodig",
        "vereistecertificaten certificatenvereist nodigecertificaten certificaten requiredcertificates",
    ),
    Column(
        "certificates_obtainable", "certificaten_te_halen",
        "tebehalencertificaten certificatentebehalen certificatenhalen obtainablecertificates",
    ),
    Column(
        "support_offered", "begeleiding_biedt",
        "begeleiding begeleidingaanbod aangebodenbegeleiding geeftbegeleiding offeredsupport",
    ),
    Column(
        "supervision_half_days", "begeleiding_dagdelen",
        "dagdelenbegeleiding dagdelen begeleidingsdagdelen supervisionhalfdays",
    ),
    Column("conditions", "omstandigheden", "werkomstandigheden arbeidsomstandigheden workingconditions condition"),
    Column("work_skills", "werkvaardigheden", "werkvaardigheid vaardigheden gevraagdevaardigheden skills workskills"),
    Column(
        "leerbedrijf_id", "leerbedrijf",
        "leerbedrijfid leerbedrijfnummer leerbedrijfnr sbbleerbedrijf sbbid",
        free=True,
    ),
    Column("crebo", "crebo", "crebocode crebonummer crebonr", free=True),
    Column("job_guarantee", "baangarantie", "garantiebaan jobguarantee"),
    Column("trial_months", "proefmaanden", "proeftijd proeftijdmaanden trialperiod trialmonths"),
    Column("closes_on", "sluit_op", "sluitingsdatum sluitdatum reagerentot closingdate deadline"),
    Column(
        "confirmed_on", "bevestigd_op",
        "datumbevestigd bevestigingsdatum laatstbevestigd actueelop confirmeddate lastconfirmed",
    ),
)  # fmt: skip

DECISIONS = (
    Column("school", "brin", "schoolofverwijzer verwijzer referrer brinnummer brinnr schoolcode", required=True),
    Column(
        "student_ref", "leerlingnummer",
        "leerlingnr leerlingid leerlingcode studentnummer studentnr studentid deelnemernummer kandidaatnummer",
        required=True,
    ),
    Column(
        "vacancy_ref", "vacaturenummer",
        "vacaturenr vacatureid vacaturecode vacature vacancyid vacancynumber",
        required=True,
    ),
    Column("starts_on", "startdatum", "begindatum ingangsdatum startdate"),
    Column("decision", "besluit", "beslissing oordeel keuze", required=True),
    Column("reason", "reden", "waarom toelichting"),
    Column("on", "op", "besluitdatum datumbesluit datum date decidedon"),
)  # fmt: skip

KINDS = {"leavers": LEAVERS, "vacancies": VACANCIES, "decisions": DECISIONS}

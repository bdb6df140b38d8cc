"""The pages for everybody: help, how a proposal is made, privacy, accessibility. Short sentences, active, B1."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

HELP: Catalogue = {
    "title": ("Hulp", "Help"),
    "lead": ("Kom je er niet uit? Hier staat wie je helpt.", "Stuck? Here is who helps you."),
    "q1": ("Ik kan niet inloggen", "I cannot sign in"),
    "a1": ("Kijk of je e-mailadres en wachtwoord kloppen. Na tien foute pogingen moet je even wachten. "
           "Vraag de beheerder van je organisatie om een nieuw wachtwoord.",
           "Check your e-mail address and password. After ten wrong tries you must wait a while. "
           "Ask the administrator of your organisation for a new password."),
    "q2": ("Ik heb een code van school", "I have a code from school"),
    "a2": ("Met je code log je in zonder wachtwoord. Werkt de code niet? Vraag school om een nieuwe.",
           "With your code you sign in without a password. Does the code not work? Ask school for a new one."),
    "q2b": ("Ik ben ouder of begeleider en kreeg een code", "I am a parent or coach and was given a code"),
    "a2b": ("Kies met die code een wachtwoord op de pagina Account openen. Daarna log je in met je e-mailadres. Werkt "
            "de code niet? Vraag school om een nieuwe.",
            "With that code choose a password on the page Open your account. After that you sign in with your e-mail "
            "address. Does the code not work? Ask school for a new one."),
    "q3": ("Ik zie een fout", "I see an error"),
    "a3": ("Lees wat er staat en doe wat er staat. Blijft het misgaan? Schrijf het kenmerk op en geef het door "
           "aan de beheerder.",
           "Read what it says and do what it says. Does it keep going wrong? Write down the reference and pass it on "
           "to the administrator."),
    "q4": ("Ik wil iets laten verbeteren of weghalen", "I want something corrected or taken away"),
    "a4": ("Vraag het je school of verwijzer, hier onder Vraag of bezwaar. Zij passen je gegevens aan of wissen ze.",
           "Ask your school or referrer, here under Question or objection. They change your data or erase them."),
    "q5": ("Ik ben het niet eens met een voorstel", "I do not agree with a proposal"),
    "a5": ("Zeg het tegen de verbinder. Een mens beslist, en kan elk voorstel veranderen.",
           "Tell the connector. A person decides, and can change every proposal."),
    "q6": ("Ik werk met het toetsenbord", "I work with the keyboard"),
    "a6": ("Met Tab ga je naar het volgende onderdeel. Bij het beoordelen staan de toetsen in de knoppen. "
           "In Mijn account zet je ze uit.",
           "With Tab you go to the next part. When reviewing, the keys are shown in the buttons. "
           "In My account you switch them off."),
}  # fmt: skip

HOW: Catalogue = {
    "title": ("Zo werkt het voorstel", "How a proposal is made"),
    "lead": ("Een computer helpt met zoeken naar een leerwerkplek. Een mens beslist. Hier lees je hoe dat gaat.",
             "A computer helps to search for a learn-work place. A person decides. Here you read how that goes."),
    "h1": ("1. Wat weten we?", "1. What do we know?"),
    "p1": ("De school of verwijzer vertelt wat een leerling kan, wil en nodig heeft. De werkgever vertelt wat het "
           "werk is en welke hulp er is.",
           "The school or referrer tells what a student can do, wants and needs. The employer tells what the "
           "work is and which help there is."),
    "p1b": ("Weten we iets niet? Dan telt dat nooit als minpunt. We vragen het na.",
            "Do we not know something? Then it never counts against anyone. We ask."),
    "h2": ("2. Wat kan echt niet?", "2. What is really not possible?"),
    "p2": ("Eerst kijkt de computer naar harde regels. Is het te ver reizen? Passen de uren? Is iemand oud genoeg? "
           "Wie afvalt, blijft zichtbaar voor de verbinder, met de reden erbij.",
           "First the computer looks at hard rules. Is it too far to travel? Do the hours fit? Is somebody old enough? "
           "Who is ruled out stays visible to the connector, with the reason."),
    "h3": ("3. Hoe goed past het?", "3. How well does it fit?"),
    "p3": ("Dan telt de computer punten: voor wat iemand wil, voor reizen, voor begeleiding, voor ervaring. Samen "
           "zijn dat hoogstens 100 punten. Punten zijn geen kans en geen cijfer voor een mens.",
           "Then the computer counts points: for what somebody wants, for travel, for support, for experience. "
           "Together these are 100 points at most. Points are not a chance and no mark for a person."),
    "h4": ("4. Wie krijgt welke plek?", "4. Who gets which place?"),
    "p4": ("De computer verdeelt alle plekken in één keer, voor de hele groep. Zo krijgt niemand alleen de restjes. "
           "Daarna controleert een tweede programma of elke regel klopt.",
           "The computer divides all places at once, for the whole group. So nobody gets only what is left. "
           "After that a second program checks that every rule is kept."),
    "h5": ("5. Een mens beslist", "5. A person decides"),
    "p5": ("De verbinder leest elk voorstel en kiest: past, past niet, of later. De verbinder mag altijd anders "
           "kiezen dan de computer.",
           "The connector reads every proposal and chooses: fits, does not fit, or later. The connector may always "
           "choose otherwise than the computer."),
    "p5b": ("Een werkgever ziet pas iets als de leerling ja zegt en de verbinder het deelt. Een naam staat daar dan "
            "nog niet bij.",
            "An employer sees something only when the student says yes and the connector shares it. A name is not "
            "among it then."),
    "h6": ("Wat telt nooit mee?", "What never counts?"),
    "p6": ("Naam, herkomst, geloof, geslacht, school en eigen woorden tellen nooit mee. Gegevens over ziekte vragen "
           "we niet.",
           "Name, origin, religion, sex, school and own words never count. We do not ask for data about illness."),
    "h7": ("Leert de computer van keuzes?", "Does the computer learn from choices?"),
    "p7": ("Nee. De regels en punten staan vast in een beleid. Een mens past dat beleid aan, en dat wordt bewaard.",
           "No. The rules and points are fixed in a policy. A person changes that policy, and that is kept."),
    "h8": ("Niet eens met een voorstel?", "You do not agree with a proposal?"),
    "p8": ("Vertel het de verbinder of de school. Zij leggen het uit en kunnen het veranderen.",
           "Tell the connector or the school. They explain it and can change it."),
}  # fmt: skip

PRIVACY: Catalogue = {
    "title": ("Privacy", "Privacy"),
    "lead": ("We bewaren zo weinig als kan, en niet langer dan nodig.",
             "We keep as little as possible, and no longer than needed."),
    "h1": ("Welke gegevens gebruiken we?", "Which data do we use?"),
    "p1": ("Voornaam, leeftijd, woonplaats, wat je kunt en wilt, welke hulp je nodig hebt, en wanneer je kunt "
           "beginnen. Het nummer van je school hoort daarbij.",
           "First name, age, home town, what you can do and want, which help you need, and when you can "
           "begin. The number of your school goes with it."),
    "h2": ("Wat bewaren we nooit?", "What do we never keep?"),
    "p2": ("Geen burgerservicenummer. Geen ziekte, diagnose of IQ. Geen uitkering. Geen geslacht, nationaliteit, "
           "herkomst of geloof. Een lijst met een burgerservicenummer houden we tegen.",
           "No citizen service number. No illness, diagnosis or IQ. No benefit. No sex, nationality, "
           "origin or religion. We stop a list with a citizen service number."),
    "h3": ("Wie ziet wat?", "Who sees what?"),
    "p3": ("De school ziet haar eigen leerlingen. De verbinder ziet leerlingen en plekken in de eigen regio. Een "
           "werkgever ziet alleen wie met toestemming is gedeeld, met een code en zonder naam. De gemeente ziet "
           "alleen aantallen.",
           "The school sees its own students. The connector sees students and places in the own region. An "
           "employer sees only who was shared with consent, with a code and without a name. The municipality sees "
           "numbers only."),
    "h4": ("Jouw rechten", "Your rights"),
    "p4": ("Je mag je gegevens zien, laten verbeteren en laten weghalen. Je mag je toestemming altijd intrekken. "
           "Je hoeft niet te zeggen waarom.",
           "You may see your data, have them corrected and have them taken away. You may always withdraw your consent. "
           "You need not say why."),
    "h5": ("Wat houden we bij?", "What do we record?"),
    "p5": ("Wie wat wanneer deed, staat in een logboek. Daarin staan geen namen. We bewaren geen adres van je "
           "computer. Er zijn geen cookies van anderen.",
           "Who did what and when stands in a log. There are no names in it. We keep no address of your "
           "computer. There are no cookies of others."),
    "h6": ("Cookies", "Cookies"),
    "p6": ("Eén cookie onthoudt dat je bent ingelogd, hoogstens 8 uur. Eén cookie onthoudt je taal.",
           "One cookie remembers that you are signed in, for 8 hours at most. One cookie remembers your language."),
}  # fmt: skip

ACCESSIBILITY: Catalogue = {
    "title": ("Toegankelijkheid", "Accessibility"),
    "lead": ("Iedereen moet Schakel kunnen gebruiken. We werken volgens WCAG 2.2, niveau AA.",
             "Everybody must be able to use Schakel. We work by WCAG 2.2, level AA."),
    "h1": ("Wat we doen", "What we do"),
    "p1": ("Elke pagina werkt met toetsenbord, schermlezer en telefoon, en zonder JavaScript. Je kunt tekst groter "
           "maken tot 400 procent. Donkere schermen en hoog contrast werken ook.",
           "Every page works with keyboard, screen reader and phone, and without JavaScript. You can enlarge "
           "text up to 400 per cent. Dark screens and high contrast work too."),
    "h2": ("Hoe we het nakijken", "How we check it"),
    "p2": ("Bij elke verandering kijkt een programma alle pagina's na, in beide talen. Een programma vindt niet "
           "alles. Onderzoek met gebruikers en een controle door een onafhankelijk bureau zijn nog niet gedaan.",
           "At every change a program checks all pages, in both languages. A program does not find "
           "everything. Research with users and a check by an independent office have not been done yet."),
    "h3": ("Sneltoetsen", "Shortcut keys"),
    "p3": ("Losse letters werken alleen op een voorstel. Je zet ze uit in Mijn account.",
           "Single letters work on a proposal only. You switch them off in My account."),
    "h4": ("Iets werkt niet voor jou?", "Something does not work for you?"),
    "p4": ("Vertel het de beheerder. Je krijgt dan een andere manier, en we lossen het op.",
           "Tell the administrator. You then get another way, and we mend it."),
}  # fmt: skip

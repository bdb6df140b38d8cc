"""The words of signing in, one's own account, and the start page of a role."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

SIGN_IN: Catalogue = {
    "title": ("Inloggen", "Sign in"),
    "lead": ("Voor scholen, werkgevers, verbinders en gemeenten.",
             "For schools, employers, connectors and municipalities."),
    "lost": ("Je was uitgelogd. Wat je net verstuurde, is niet opgeslagen. Log in: je komt terug waar je was. Vul het "
             "dan opnieuw in.",
             "You were signed out. What you just sent was not saved. Sign in: you come back to where you were. Then "
             "fill it in again."),
    "email": ("E-mailadres", "E-mail address"),
    "password": ("Wachtwoord", "Password"),
    "submit": ("Inloggen", "Sign in"),
    "wrong": ("E-mailadres of wachtwoord klopt niet. Kijk beide na en probeer het opnieuw.",
              "E-mail address or password is not right. Check both and try again."),
    "empty_email": ("Vul je e-mailadres in.", "Fill in your e-mail address."),
    "empty_password": ("Vul je wachtwoord in.", "Fill in your password."),
    "code_title": ("Heb je een code van school?", "Do you have a code from school?"),
    "code_text": ("Ben je leerling of ouder? Dan log je in met een code.",
                  "Are you a student or parent? Then you sign in with a code."),
    "code_link": ("Code invoeren", "Enter a code"),
    "forgot": ("Wachtwoord kwijt? Vraag de beheerder om een nieuw.",
               "Lost your password? Ask the administrator for a new one."),
}  # fmt: skip

ACCOUNT: Catalogue = {
    "title": ("Mijn account", "My account"),
    "name": ("Naam", "Name"),
    "email": ("E-mailadres", "E-mail address"),
    "rights": ("Je werkt als", "You work as"),
    "right_at": ("{role} bij {where}", "{role} at {where}"),
    "right_in": ("{role} in {where}", "{role} in {where}"),
    "connector": ("verbinder", "connector"),
    "school": ("school", "school"),
    "referrer": ("verwijzer", "referrer"),
    "employer": ("werkgever", "employer"),
    "municipality": ("gemeente", "municipality"),
    "administrator": ("beheerder", "administrator"),
    "coach": ("begeleider", "coach"),
    "student": ("leerling", "student"),
    "parent": ("ouder", "parent"),
    "wishes": ("Taal en toetsen", "Language and keys"),
    "language": ("Taal van de pagina's", "Language of the pages"),
    "nl": ("Nederlands", "Dutch"),
    "en": ("Engels", "English"),
    "shortcuts": ("Sneltoetsen bij het beoordelen", "Shortcut keys when reviewing"),
    "shortcuts_hint": ("Losse letters, zoals A voor Past. Ze werken alleen op het voorstel zelf.",
                       "Single letters, such as A for Fits. They work on the proposal itself only."),
    "on": ("Aan", "On"),
    "off": ("Uit", "Off"),
    "password": ("Wachtwoord", "Password"),
    "change_password": ("Wachtwoord wijzigen", "Change password"),
    "password_old": ("Je wachtwoord van nu", "Your present password"),
    "password_new": ("Nieuw wachtwoord", "New password"),
    "password_again": ("Nieuw wachtwoord, nog een keer", "New password, once more"),
    "password_hint": ("Minstens 12 tekens. Een zin van een paar woorden is goed te onthouden.",
                      "At least 12 characters. A sentence of a few words is easy to remember."),
    "password_first": ("Kies eerst een eigen wachtwoord. Daarna kun je aan de slag.",
                       "Choose a password of your own first. Then you can begin."),
    "wrong_old": ("Dit is niet je wachtwoord van nu. Vul het opnieuw in.",
                  "This is not your present password. Fill it in again."),
    "wrong_new": ("Kies een ander wachtwoord: minstens 12 tekens, en niet een dat snel te raden is.",
                  "Choose another password: at least 12 characters, and none that is quickly guessed."),
    "wrong_again": ("De twee nieuwe wachtwoorden zijn niet gelijk. Vul ze opnieuw in.",
                    "The two new passwords are not the same. Fill them in again."),
    "sessions": ("Waar je bent ingelogd", "Where you are signed in"),
    "session_here": ("Dit apparaat", "This device"),
    "session_other": ("Een ander apparaat", "Another device"),
    "began": ("Ingelogd op", "Signed in on"),
    "ends": ("Uiterlijk tot", "Until at the latest"),
    "where": ("Waar", "Where"),
    "end_others": ("Log uit op andere apparaten", "Sign out on other devices"),
    "no_others": ("Je bent alleen hier ingelogd.", "You are signed in here only."),
}  # fmt: skip

START: Catalogue = {
    "title": ("Welkom, {name}", "Welcome, {name}"),
    "here": ("Dit kun je hier doen", "This is what you can do here"),
    "nothing": ("Voor jouw rol zijn er nog geen pagina's.", "There are no pages for your role yet."),
    "nothing_next": ("Systemen werken al met de API. Vraag de beheerder wat er komt.",
                     "Systems work with the API already. Ask the administrator what will come."),
}  # fmt: skip

ACTIVATION: Catalogue = {
    "title": ("Account openen", "Open your account"),
    "lead": ("Je kreeg een code. Kies hier je wachtwoord.", "You were given a code. Choose your password here."),
    "code": ("Code", "Code"),
    "submit": ("Wachtwoord opslaan", "Save password"),
    "wrong_code": ("Deze code werkt niet, of niet meer. Vraag een nieuwe.",
                   "This code does not work, or no longer. Ask for a new one."),
}  # fmt: skip

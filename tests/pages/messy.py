"""A list as a school has it: 51 rows, headers of its own, columns nobody asked for, and four mistakes."""
from __future__ import annotations

NAMES = ("Sami", "Noor", "Ilse", "Jesse", "Mila", "Daan", "Yara", "Finn", "Lina", "Bram")
HEADER = ("Lln. nummer", "Achternaam", "Voornaam leerling", "Datum van geboorte", "Type onderwijs (pro/vso)",
          "Uitstroom profiel vso", "Datum van school af", "Postcode thuis", "Vervoer naar werk", "Max. afstand in km",
          "Voorkeur branche", "Heeft arbeidsvermogen?", "Lievelingskleur")  # fmt: skip
WRONG = {8: "Datum van geboorte", 19: "Uitstroom profiel vso", 33: "Lln. nummer", 40: "Datum van geboorte"}
"""Row as the spreadsheet counts -> the column with the mistake."""


def messy(rows: int = 51, *, clean: bool = False) -> bytes:
    """The list as CSV."""
    lines = [";".join(HEADER)]
    for k in range(rows):
        number, row = f"T{k + 1:03d}", k + 2
        born, profile = f"{1 + k % 28:02d}-{1 + k % 12:02d}-2009", "arbeid"
        if not clean and row == 8:
            born = "3/4/2009"
        if not clean and row == 19:
            profile = "arbeit"
        if not clean and row == 33:
            number = "T005"
        if not clean and row == 40:
            born = "11/12/2008"
        lines.append(";".join((number, "Jansen", NAMES[k % 10], born, "vso", profile, "17-07-2027", "8102 HG", "fiets",
                               "15" if k % 9 else "", "groen", "ja", "blauw")))  # fmt: skip
    return "\n".join(lines).encode()


def bsn_column() -> bytes:
    """The list with a column of numbers that pass the 11-test under an innocent header."""
    from api.bsn import passes

    numbers = [str(n) for n in range(123456700, 123470000) if passes(str(n))][:51]
    lines = messy(clean=True).decode().splitlines()
    kept = [f"{line};{'Kenmerk' if k == 0 else numbers[k - 1]}" for k, line in enumerate(lines)]
    return "\n".join(kept).encode()

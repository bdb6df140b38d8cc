"""The code lists: what reads as a code, what is only suggested, and that no word means two codes."""
from __future__ import annotations

import csv
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import features
from features.codes import code_list, list_names, sbi_divisions, skill_level
from features.errors import FeatureError

DATA = Path(features.__file__).parent / "data"

# The closed lists of the contract, typed over from its page.
CONTRACT = {
    "branch":
        "infra construction painting wood_furniture metal technology automotive bicycle logistics "
        "cleaning facility green agriculture animal_care food_production hospitality retail "
        "personal_care care_welfare recycling media_ict creative events_tourism administration",
    "route": "individual group",
    "entry": "werkschool side_entry either",
    "contract_type": "internship work_experience apprenticeship job supported_job sheltered_place secondment",
    "travel_means": "foot bicycle e_bike moped public_transport car brought",
    "level": "none school_diploma entree mbo2",
    "certificate":
        "vca forklift reach_truck am_moped t_tractor b_car be_trailer haccp sva1 first_aid welding1 "
        "chainsaw spraying practice_statement",
    "support":
        "fixed_instructor demonstration step_cards own_pace repetition regular_check_in quiet_spot "
        "fixed_structure simple_reading adapted_tasks",
    "support_when": "startup structural",
    "support_level": "yes limited no",
    "work_skill":
        "pace instructions rules change cooperation asking_for_help concentration accuracy planning "
        "attendance safety customer_contact",
    "condition":
        "outdoors heights lifting noise dust_dirt cold_heat smells hygiene_rules machines driving "
        "animals forced_pace working_alone team_work standing_walking sitting screen_work early_start "
        "shift_work evening_weekend",
    "participation_criterion":
        "concept results werkschool mentor_fte job_guarantee allies project_lead_fte rooms "
        "contract_after_trial academy custom_work",
    "destination": "work work_bbl mbo other_pro vso vmbo day_activities training abroad none unknown",
    "rejection_reason": "travel guidance hours load student_declined already_placed data_wrong other",
    "leaving_profile": "further_education work day_activities",
    "school_type": "pro vso mbo1 other",
    "yes_no": "yes no",
    "yes_no_unknown": "yes no unknown",
    "certainty": "firm planned",
    "decision": "accept reject pin defer",
}


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_a_list_holds_the_codes_of_the_contract_in_its_order(name: str) -> None:
    assert code_list(name).codes == tuple(CONTRACT[name].split())


# Words that schools and employers write, read by hand.
WRITTEN = [
    ("branch", "GWW", "infra"), ("branch", "Grond-, Weg- en Waterbouw", "infra"), ("branch", "BinQ", "infra"),
    ("branch", "TanQ", "logistics"), ("branch", "blinq", "cleaning"), ("branch", "Zorg & Welzijn", "care_welfare"),
    ("branch", "horeca, catering", "hospitality"), ("branch", "milieu, recycling", "recycling"),
    ("branch", "techniek, installatie", "technology"), ("branch", "auto, carrosserie", "automotive"),
    ("branch", "groen, hovenier", "green"), ("branch", "land- en tuinbouw", "agriculture"),
    ("branch", "voeding, bakkerij", "food_production"), ("branch", "media, ICT, websites", "media_ict"),
    ("branch", "creatief, drukkerij, styling, mode", "creative"), ("branch", "hout en meubel", "wood_furniture"),
    ("branch", "evenementen, toerisme, reizen", "events_tourism"), ("branch", "stratenmaker", "infra"),
    ("branch", "heftruck", "logistics"), ("contract_type", "leerbaan (bbl)", "apprenticeship"),
    ("contract_type", "BBL", "apprenticeship"), ("contract_type", "Stage", "internship"),
    ("contract_type", "begeleid detacheren", "secondment"), ("travel_means", "OV", "public_transport"),
    ("travel_means", "E-bike", "e_bike"), ("travel_means", "wordt gebracht", "brought"),
    ("travel_means", "Public transport", "public_transport"), ("level", "mbo 1", "entree"),
    ("level", "vso- of pro-diploma", "school_diploma"), ("certificate", "EHBO", "first_aid"),
    ("certificate", "rijbewijs B", "b_car"), ("certificate", "sva1 (schoonmaak)", "sva1"),
    ("support", "stappen- of plaatjeskaart", "step_cards"), ("support", "voordoen, samen doen", "demonstration"),
    ("support", "eigen tempo, meer leertijd", "own_pace"), ("support", "prikkelarme werkplek", "quiet_spot"),
    ("support", "weinig lezen, gesproken opdrachten", "simple_reading"), ("support_when", "structureel", "structural"),
    ("condition", "buiten werken", "outdoors"), ("condition", "lopende band", "forced_pace"),
    ("yes_no", "Ja", "yes"), ("yes_no", "N", "no"), ("yes_no_unknown", "onbekend", "unknown"),
    ("leaving_profile", "Arbeid", "work"), ("school_type", "Praktijkonderwijs", "pro"),
    ("decision", "past niet", "reject"),
    ("certainty", "voorzien", "planned"), ("destination", "dagbesteding", "day_activities"),
    ("task", "Vakkenvullen", "stock_shelves"), ("task", "bestraten", "lay_paving"),
    ("task", "vloeren dweilen", "mop_floors"),
]


@pytest.mark.parametrize(("name", "text", "code"), WRITTEN)
def test_what_people_write_reads_as_the_code(name: str, text: str, code: str) -> None:
    assert code_list(name).read(text) == code


def _bare(text: str) -> str:
    """The comparison of the contract, written apart from the product: letters and digits alone, no case, no accents."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("&", "en"))
    return "".join(char for char in letters if unicodedata.category(char)[0] in "LN")


def _words() -> list[tuple[str, str, str]]:
    found = []
    for file in ("codes.csv", "tasks.csv"):
        with (DATA / file).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                synonyms = [*row["synonyms_nl"].split("|"), *row["synonyms_en"].split("|")]
                for word in (row["code"], row["nl"], row["en"], *filter(None, synonyms)):
                    found.append((row.get("list", "task"), row["code"], word))
    return found


def test_no_word_belongs_to_two_codes_of_a_list() -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, code, word in _words():
        assert _bare(word), (name, code, word)
        owners[name, _bare(word)].add(code)
    assert {key: codes for key, codes in owners.items() if len(codes) > 1} == {}


def test_every_word_reads_as_its_code_whatever_its_case_accents_and_punctuation() -> None:
    for name, code, word in _words():
        undressed = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        for written in (word, word.upper(), undressed, f" {word}. ", word.replace(" ", "_").replace("-", " ")):
            assert code_list(name).read(written) == code, (name, written)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_one_slip_of_the_finger_is_never_suggested_as_another_branch(data: st.DataObject) -> None:
    branches = code_list("branch")
    code = data.draw(st.sampled_from(branches.codes))
    label = branches.label(code, "nl")
    at = data.draw(st.integers(0, len(label) - 1))
    slip = data.draw(st.sampled_from(["", "q", label[at] * 2]))
    written = label[:at] + slip + label[at + 1:]
    if len(_bare(written)) >= 5:
        assert branches.suggest(written) in (code, None)
        assert branches.read(written) in (code, None)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("branch", "infar", "infra"), ("branch", "schoonmaek", "cleaning"), ("branch", "bowu", "construction"),
     ("branch", "logistiekk", "logistics"), ("branch", "medewerker magazijn", "logistics"),
     ("travel_means", "trien", "public_transport"), ("support", "stappenkaartt", "step_cards"),
     ("certificate", "heftrukcertificaat", "forklift"), ("task", "vakken vulle", "stock_shelves")],
)  # fmt: skip
def test_a_near_miss_is_suggested(name: str, text: str, code: str) -> None:
    assert code_list(name).read(text) is None
    assert code_list(name).suggest(text) == code


@pytest.mark.parametrize("text", ["", "?", "-", "xyzzy", "qq", "zzzzzzzzzz", "12345678"])
def test_what_is_near_nothing_is_neither_read_nor_suggested(text: str) -> None:
    for name in ("branch", "support", "condition", "certificate", "task"):
        assert code_list(name).read(text) is None
        assert code_list(name).suggest(text) is None


def test_every_code_has_words_in_both_languages_and_definitions_in_short_sentences() -> None:
    for name in list_names():
        for entry in code_list(name).entries:
            assert all(entry.labels) and all(entry.definitions), entry.code
            for sentence in entry.definitions[0].split(". "):
                assert len(sentence.split()) <= 20, (name, entry.code, sentence)


def test_every_work_skill_has_four_levels_that_differ() -> None:
    for skill in code_list("work_skill").codes:
        for lang in ("nl", "en"):
            assert len({skill_level(skill, level, lang) for level in range(4)}) == 4
    with pytest.raises(FeatureError, match="expected 0, 1, 2 or 3"):
        skill_level("pace", 4, "nl")


def test_tasks_cover_every_branch() -> None:
    tasks = code_list("task")
    assert 120 <= len(tasks.codes) <= 200
    covered = Counter(branch for entry in tasks.entries for branch in entry.branches)
    assert set(covered) == set(code_list("branch").codes)
    assert min(covered.values()) >= 4


def test_branches_map_to_sbi_divisions_with_their_version() -> None:
    assert sbi_divisions("infra") == ("42",)
    assert "45" in sbi_divisions("automotive", "2008")
    assert "45" not in sbi_divisions("automotive", "2025")  # the division of car trade no longer exists
    for branch in code_list("branch").codes:
        for version in ("2008", "2025"):
            assert all(len(number) == 2 and number.isdigit() for number in sbi_divisions(branch, version))
    with pytest.raises(FeatureError, match="2025 or 2008"):
        sbi_divisions("infra", "1993")


def test_an_unknown_list_code_or_language_is_named_in_the_error() -> None:
    with pytest.raises(FeatureError, match="no list 'branches'"):
        code_list("branches")
    with pytest.raises(FeatureError, match="'road' is no code of list branch"):
        code_list("branch").label("road", "nl")
    with pytest.raises(FeatureError, match="expected nl or en"):
        code_list("branch").label("infra", "fr")


def test_reading_a_list_loads_no_numerical_package() -> None:
    script = (
        "import sys\nfrom features.codes import code_list\nassert code_list('task').read('vegen') == 'sweep'\n"
        "print(sorted({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"

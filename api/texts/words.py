"""Codes as they read inside a sentence; the labels of the lists themselves are in `features.codes`."""
from __future__ import annotations

from collections.abc import Iterable

from api.texts.catalogue import LANGUAGES, Catalogue, listing
from features.codes import code_list

SUPPORT: Catalogue = {
    "fixed_instructor": ("een vaste begeleider", "a fixed instructor"),
    "demonstration": ("voordoen en samen doen", "showing and doing together"),
    "step_cards": ("een stappenkaart", "step cards"),
    "own_pace": ("een eigen tempo", "an own pace"),
    "repetition": ("vaker oefenen", "more practice"),
    "regular_check_in": ("iemand die geregeld meekijkt", "someone who checks in regularly"),
    "quiet_spot": ("een rustige plek", "a quiet spot"),
    "fixed_structure": ("een vaste dagindeling", "a fixed daily structure"),
    "simple_reading": ("weinig lezen", "little reading"),
    "adapted_tasks": ("een aangepast takenpakket", "adapted tasks"),
}
SKILL: Catalogue = {
    "pace": ("werktempo", "pace of work"),
    "instructions": ("opdrachten begrijpen", "following instructions"),
    "rules": ("regels volgen", "following rules"),
    "change": ("omgaan met verandering", "coping with change"),
    "cooperation": ("samenwerken", "working together"),
    "asking_for_help": ("hulp vragen", "asking for help"),
    "concentration": ("de aandacht erbij houden", "concentration"),
    "accuracy": ("netjes werken", "accuracy"),
    "planning": ("plannen", "planning"),
    "attendance": ("op tijd komen", "being on time"),
    "safety": ("veilig werken", "safe working"),
    "customer_contact": ("omgaan met klanten", "contact with customers"),
}
CONDITION: Catalogue = {
    "outdoors": ("buiten werken", "working outdoors"),
    "heights": ("op hoogte werken", "working at heights"),
    "lifting": ("tillen", "lifting"),
    "noise": ("lawaai", "noise"),
    "dust_dirt": ("stof en vuil", "dust and dirt"),
    "cold_heat": ("kou of hitte", "cold or heat"),
    "smells": ("sterke geuren", "strong smells"),
    "hygiene_rules": ("regels voor hygiëne", "hygiene rules"),
    "machines": ("werken met machines", "working with machines"),
    "driving": ("rijden", "driving"),
    "animals": ("werken met dieren", "working with animals"),
    "forced_pace": ("een opgelegd tempo", "a forced pace"),
    "working_alone": ("alleen werken", "working alone"),
    "team_work": ("in een team werken", "working in a team"),
    "standing_walking": ("veel staan en lopen", "standing and walking a lot"),
    "sitting": ("veel zitten", "sitting a lot"),
    "screen_work": ("werken op een scherm", "screen work"),
    "early_start": ("vroeg beginnen", "an early start"),
    "shift_work": ("wisselende diensten", "shift work"),
    "evening_weekend": ("avonden en weekenden", "evenings and weekends"),
}
MEANS: Catalogue = {
    "foot": ("te voet", "on foot"),
    "bicycle": ("met de fiets", "by bicycle"),
    "e_bike": ("met de e-bike", "by e-bike"),
    "moped": ("met de brommer", "by moped"),
    "public_transport": ("met bus of trein", "by bus or train"),
    "car": ("met de auto", "by car"),
    "brought": ("als iemand brengt", "when brought"),
}
CONTRACT: Catalogue = {
    "internship": ("een stage", "an internship"),
    "work_experience": ("een werkervaringsplaats", "a work experience place"),
    "apprenticeship": ("een leerbaan", "an apprenticeship"),
    "job": ("een baan", "a job"),
    "supported_job": ("begeleid werken", "a supported job"),
    "sheltered_place": ("een beschermde leerwerkplek", "a sheltered learn-work place"),
    "secondment": ("begeleid detacheren", "a supported secondment"),
}
LISTS: dict[str, Catalogue] = {
    "support": SUPPORT, "work_skill": SKILL, "condition": CONDITION, "travel_means": MEANS, "contract_type": CONTRACT,
}  # fmt: skip


def word(name: str, code: str, lang: str) -> str:
    """Return a code of list ``name`` as it reads inside a sentence: its own words, else its label, else itself."""
    catalogue = LISTS.get(name, {})
    if code in catalogue:
        return catalogue[code][LANGUAGES.index(lang)]
    return label(name, code, lang)


def words(name: str, codes: Iterable[str], lang: str) -> str:
    """Return the codes as a list inside a sentence: ``a, b en c``."""
    return listing([word(name, code, lang) for code in codes], lang)


def label(name: str, code: str, lang: str) -> str:
    """Return the label of a code as the list has it; text that is no code comes back as it is."""
    codes = code_list(name)
    return codes.label(code, lang) if code in codes else code

"""The policy: defaults that explain themselves, every defect at once, one digest per meaning."""
from __future__ import annotations

import dataclasses
import tomllib
from datetime import date
from pathlib import Path

import pytest
from marshmallow import ValidationError

from api.policy import Cap, Policy, parse_policy, policy_template
from api.policy_files import read_policy
from api.schemas.policy import PolicySchema, RulesSchema, defects, load_policy
from features.eligibility import POINTS, RULES, evaluate
from features.records import Opening, Student
from features.settings import FEATURES, RuleSettings


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_template_says_every_default(lang: str) -> None:
    data = tomllib.loads(policy_template(lang))
    assert load_policy(parse_policy(policy_template(lang))) == Policy()
    assert set(data["weights"]) == set(FEATURES)


def test_every_setting_of_the_rules_can_be_set() -> None:
    headed = {"neighbours", "own_regions", "werkschool_members", "measures"}  # of their own in the file
    plain = {part.name for part in dataclasses.fields(RuleSettings)} - headed
    assert plain == set(RulesSchema().fields)
    assert plain == set(tomllib.loads(policy_template())["rules"])
    assert headed < set(PolicySchema().fields)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_template_explains_every_rule(lang: str) -> None:
    lines = policy_template(lang).split("[rules]")[1].split("[priority]")[0].splitlines()
    assert [line for line in lines[1:] if line and "  # " not in line] == []


SETTINGS_OF_MINORS = [
    ('under_18_windows = ["08:00-17:30"]', "under_18_windows", ((480, 1050),)),
    ('under_18_windows = ["07:00-23:00", "06:00 - 22:00"]', "under_18_windows", ((360, 1320), (420, 1380))),
    ('under_16_windows = ["00:00-24:00"]', "under_16_windows", ((0, 1440),)),
    ('under_18_hours_conditions = ["evening_weekend"]', "under_18_hours_conditions", ("evening_weekend",)),
    ('under_18_forbidden = ["werken op hoogte", "heights"]', "under_18_forbidden", ("heights",)),
    ("under_18_forbidden = []", "under_18_forbidden", ()),
    ('under_18_supervised = ["driving", "machines"]', "under_18_supervised", ("machines", "driving")),
    ('under_18_supervised_certificates = ["vca"]', "under_18_supervised_certificates", ("vca",)),
    ('under_18_supervision = "rustige plek"', "under_18_supervision", "quiet_spot"),
    ('schooling_contracts = ["baan"]', "schooling_contracts", ("job",)),
    ('schooling_done_levels = ["mbo2"]', "schooling_done_levels", ("mbo2",)),
]


@pytest.mark.parametrize(("line", "name", "value"), SETTINGS_OF_MINORS)
def test_settings_of_minors_are_read(line: str, name: str, value: object) -> None:
    policy = load_policy(parse_policy(f"[rules]\n{line}"))
    assert getattr(policy.rules, name) == value
    others = {part.name for part in dataclasses.fields(RuleSettings)} - {name}
    assert all(getattr(policy.rules, other) == getattr(RuleSettings(), other) for other in others)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('under_18_windows = "06:00-22:00"', "list of times"),
        ("under_18_windows = []", "at least one"),
        ('under_18_windows = ["22:00-06:00"]', "ends at or before"),
        ('under_16_windows = ["07:00-24:01"]', "list of times"),
        ('under_16_windows = ["7-19"]', "list of times"),
        ("under_16_windows = [[420, 1140]]", "list of times"),
        ('under_18_forbidden = "heights"', "list of codes"),
        ('under_18_forbidden = ["op hogte"]', "heights"),
        ("under_18_supervised = [3]", "outdoors"),
        ('under_18_supervised_certificates = ["zwemdiploma z"]', "forklift"),
        ('under_18_supervision = ["fixed_instructor"]', "fixed_instructor"),
        ("schooling_contracts = true", "list of codes"),
        ('schooling_done_levels = ["gymnasium"]', "school_diploma"),
        ('first_transport = "6.30"', "06:30"),
        ("road_factor = 0.9", "1 to 3"),
        ("age_group_min = 16.5", "whole number"),
        ("under_18_window = []", "under_18_windows"),
    ],
)
def test_a_wrong_rule_is_named_with_what_was_expected_in_both_languages(line: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load_policy(parse_policy(f"[rules]\n{line}"))
    [(name, said)] = defects(caught.value, "en")
    [(same, dutch)] = defects(caught.value, "nl")
    assert name == same == f"rules.{line.partition(' =')[0]}"
    assert words in said
    assert dutch != said


def test_a_policy_changes_what_a_minor_may_do() -> None:
    on = date(2026, 6, 1)
    student = Student("25AB00", "1", date(2009, 1, 1), "yes", level="none", enrolled=False)
    opening = Opening(
        "V1", "12345678", "green", date(2026, 8, 3), 1, starts_at=300, ends_at=800, conditions=("heights",),
        contract_type="internship",
    )  # fmt: skip

    def asked(lines: str) -> tuple[set[str], set[str]]:
        rules = load_policy(parse_policy(f"[rules]\n{lines}")).rules
        found = evaluate([student], [opening], rules, on=on, fixed=frozenset({(0, 0)}))
        broken, points = int(found.broken[0]), int(found.points[0])
        return (
            {code for k, code in enumerate(RULES) if broken >> k & 1},
            {code for k, code in enumerate(POINTS) if points >> k & 1},
        )

    early, late = 'under_18_windows = ["05:00-22:00"]', "under_18_forbidden = []"
    assert "under_18" in asked("")[0]
    assert "under_18" in asked(early)[0]  # the heights still refuse
    assert "under_18" in asked(late)[0]  # and so do the times
    broken, points = asked(f"{early}\n{late}")
    assert "under_18" not in broken
    assert "under_18_schooling" not in points
    assert "under_18_schooling" in asked('schooling_contracts = ["internship"]')[1]
    done = 'schooling_contracts = ["internship"]\nschooling_done_levels = ["none"]'
    assert "under_18_schooling" not in asked(done)[1]
    supervised = f'{early}\n{late}\nunder_18_supervised = ["heights"]'
    assert "under_18" in asked(supervised)[0]
    other = f'{supervised}\nunder_18_supervision = "quiet_spot"'
    opening = dataclasses.replace(opening, support_offered=(("quiet_spot", "yes"),))
    assert "under_18" in asked(supervised)[0]
    assert "under_18" not in asked(other)[0]
    assert "under_18" in asked(other)[1]


def test_an_empty_file_is_the_default_policy() -> None:
    assert load_policy({}) == Policy()


def test_all_defects_are_named_at_once() -> None:
    text = """
    min_fit = 1.5
    [weights]
    branche = 0.5
    [bands]
    good = "high"
    [[caps]]
    branch = "infra"
    """
    with pytest.raises(ValidationError) as caught:
        load_policy(parse_policy(text))
    named = {name for name, _ in defects(caught.value)}
    assert named == {"min_fit", "weights.branche", "bands.good", "caps[1].at_most"}


@pytest.mark.parametrize(
    ("text", "setting", "words"),
    [
        ("[weights]\nbranch = 0.5", "weights", "1.3"),
        ('[own_regions]\nSalland = ["Nergenshuizen"]', "own_regions.Salland", "Nergenshuizen"),
        ('[neighbours]\nAM99 = ["AM36"]', "neighbours.AM99", "AM99"),
        ('[[caps]]\nbranch = "infar"\nat_most = 3', "caps[1].branch", "infra"),
        ("[rules]\nage_werkschool_min = 22", "rules.age_werkschool_min", "age_werkschool_max"),
        ("[bands]\nfair = 0.8", "bands.fair", "good"),
    ],
)
def test_a_defect_says_what_was_found_or_expected(text: str, setting: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load_policy(parse_policy(text))
    [(name, said)] = defects(caught.value)
    assert name == setting
    assert words in said


def test_names_of_regions_and_municipalities_are_read() -> None:
    text = '[own_regions]\nSalland = ["raalte", "GM0150"]\n[neighbours]\n"Regio Zwolle" = ["AM05"]'
    policy = load_policy(parse_policy(text))
    assert policy.rules.own_regions == {"Salland": ("GM0150", "GM0177")}
    assert policy.rules.neighbours == {"AM36": ("AM05",)}


def test_a_cap_without_a_name_gets_one_that_says_what_it_is() -> None:
    policy = load_policy(parse_policy('[[caps]]\nbranch = "grondwerk"\nregion = "AM36"\nat_most = 3'))
    assert policy.caps == (Cap("infra x AM36", "infra", "AM36", "", None, 3),)


def test_weights_keep_their_six_decimals_exactly() -> None:
    rest = "".join(f"{name} = 0\n" for name in FEATURES if name not in ("branch", "tasks"))
    policy = load_policy(parse_policy(f"[weights]\nbranch = 0.333333\ntasks = 0.666667\n{rest}"))
    assert (policy.weights.branch, policy.weights.tasks) == (333_333, 666_667)


def test_equal_policies_have_one_digest_and_other_policies_another() -> None:
    one = load_policy(parse_policy("[bands]\ngood = 0.70\nfair = 0.4"))
    assert one.digest() == Policy().digest()
    assert dataclasses.replace(one, min_fit=300_000).digest() != one.digest()


def test_bands_change_at_their_lower_edges() -> None:
    policy = Policy()
    assert [policy.band(fit) for fit in (1_000_000, 700_000, 699_999, 400_000, 399_999)] == [
        "good", "good", "fair", "fair", "not_yet"
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"min_fit = ", b"\xff\xfe\x00"])
def test_a_file_that_is_no_policy_is_named_unreadable(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(data)
    _, [error] = read_policy(path, "nl")
    assert (error.file, error.code, error.row) == ("policy.toml", "unreadable", None)

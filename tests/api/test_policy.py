"""The policy: defaults that explain themselves, every defect at once, one digest per meaning."""
from __future__ import annotations

import dataclasses
import tomllib
from datetime import time
from pathlib import Path

import pytest
from marshmallow import ValidationError

from api.policy import Cap, Policy, parse_policy, policy_template
from api.policy_files import read_policy
from api.schemas.policy import RulesSchema, defects, load_policy
from features.settings import FEATURES, RuleSettings


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_template_says_every_default(lang: str) -> None:
    data = tomllib.loads(policy_template(lang))
    assert load_policy(parse_policy(policy_template(lang))) == Policy()
    assert set(data["weights"]) == set(FEATURES)


def test_every_plain_figure_of_the_rules_can_be_set() -> None:
    plain = {
        part.name for part in dataclasses.fields(RuleSettings)
        if isinstance(getattr(RuleSettings(), part.name), (int, float, time))
    }  # fmt: skip
    assert plain == set(RulesSchema().fields)
    assert plain == set(tomllib.loads(policy_template())["rules"])


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
    assert {name for name, _ in defects(caught.value)} == {"min_fit", "weights.branche", "bands.good", "caps.0.at_most"}


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

"""The twenty acceptance checks of the pages: which tests hold each, and that all of these are there.

A line says what must hold and names the tests as ``module.test``; every module stands in this folder, unless it says
another. A check is held when all of its tests pass; each was seen to fail on a planted defect.
"""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CHECKS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("ten proposals with the keyboard alone, few presses each, focus on the next heading", (
        "test_connector.test_ten_proposals_are_judged_with_the_keyboard_alone",
        "test_connector.test_keys_are_silent_outside_the_card_in_fields_and_when_switched_off")),
    2: ("no rejection without a reason; the summary has the focus, the choice is kept", (
        "test_connector.test_what_does_not_fit_needs_a_reason_and_keeps_what_was_typed",)),
    3: ("support before the judgement; the number on request", (
        "test_connector.test_support_comes_before_the_judgement_and_the_number_on_request",)),
    4: ("the points add up to the number, each bar has its text", (
        "test_connector.test_the_points_shown_add_up_to_the_number",)),
    5: ("a what-if gives what was promised and stores nothing", (
        "test_connector.test_what_would_fit_better_is_shown_as_promised_and_nothing_is_stored",)),
    6: ("two at once: the second reads name, time and choice, and keeps the own text", (
        "test_connector.test_whoever_is_second_reads_who_was_first_and_keeps_the_own_text",)),
    7: ("undo before sharing; taking back after it, with what was seen", (
        "test_connector.test_undo_brings_the_proposal_back",
        "test_connector.test_what_is_shared_is_what_was_previewed_and_taking_it_back_tells_what_was_seen")),
    8: ("double click, refresh and back give one decision", (
        "test_connector.test_a_double_click_a_refresh_and_the_back_button_give_one_decision",)),
    9: ("known headers skip the columns; nine in ten of forty odd ones are suggested right", (
        "test_school_lists.test_known_headers_skip_the_columns_and_a_cell_is_mended_by_typing",
        "tests/api/test_files_suggesting.test_nine_in_ten_of_forty_odd_headers_are_suggested_right",
        "test_school_lists.test_a_messy_file_is_stored_in_under_twelve_clicks")),
    10: ("four wrong rows of 51: exactly these, mended on the page", (
        "test_school_lists.test_a_messy_file_is_stored_in_under_twelve_clicks",)),
    11: ("a file with a BSN is stopped, masked, and says which column", (
        "test_school_lists.test_a_number_that_may_be_a_bsn_stops_the_file_and_is_shown_to_nobody",
        "test_school_lists.test_a_typed_bsn_is_not_kept")),
    12: ("who leaves goes on the next day where they were", (
        "test_school_lists.test_who_leaves_goes_on_the_next_day_where_they_were",)),
    13: ("no page of another school opens, whatever its kind", (
        "test_school_students.test_no_page_of_a_school_opens_for_another_school",
        "test_school_lists.test_another_school_finds_nothing")),
    14: ("an employer reads no fact that says who it is: page, source, paper, file", (
        "test_people.test_an_employer_reads_no_fact_that_says_who_it_is",)),
    15: ("a student stops in two clicks, the employer's open tab says so", (
        "test_people.test_a_student_stops_in_two_clicks_and_the_open_tab_of_the_employer_says_so",)),
    16: ("pages of students read easily, large, on a phone, at 200 %", (
        "test_plain_words.test_a_page_of_a_student_is_read_easily",
        "test_people.test_pages_of_students_are_large_and_fit_a_phone_with_text_twice_as_large")),
    17: ("a run is looked at first: what is new, gone, better and why; pins stay", (
        "test_connector.test_a_run_is_looked_at_before_it_counts_and_pins_stay",
        "test_reruns.test_what_a_run_would_change_is_told_with_its_cause")),
    18: ("map and table alike, small cells hidden, all by Tab, told without colour", (
        "test_municipality.test_the_map_and_the_table_show_equal_figures_and_no_small_one",
        "test_municipality.test_every_region_is_reached_by_tab_by_name_and_large_enough_to_touch",
        "test_municipality.test_a_hidden_figure_is_told_from_a_small_one_without_colour")),
    19: ("axe finds nothing on any page, language, state and width", (
        "test_every_page.test_a_page_is_accessible_narrow_and_quiet",)),
    20: ("no JavaScript needed, no error or report with it; paper, zoom, spacing, forced colours", (
        "test_school_lists.test_a_messy_file_is_stored_in_under_twelve_clicks",
        "test_people.test_an_employer_posts_a_vacancy_in_steps",
        "test_connector.test_the_whole_flow_works_without_javascript",
        "test_people.test_a_student_comes_in_with_a_code_chooses_and_changes_the_choice",
        "test_people.test_from_meeting_to_contract",
        "test_connector.test_a_conversation_card_is_one_page_of_paper_without_navigation",
        "test_paper_and_zoom.test_a_page_holds_on_paper_enlarged_spaced_and_in_the_colours_of_the_system",
        "test_every_page.test_a_page_is_accessible_narrow_and_quiet")),
}  # fmt: skip


def test_there_are_twenty() -> None:
    assert list(CHECKS) == list(range(1, 21))


@pytest.mark.parametrize("number", CHECKS)
def test_a_check_is_held_by_tests_that_are_there_and_assert_something(number: int) -> None:
    says, held_by = CHECKS[number]
    assert says
    assert held_by
    for name in held_by:
        module, _, test = name.rpartition(".")
        path = HERE.parent.parent / f"{module}.py" if "/" in module else HERE / f"{module}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == test]
        assert len(found) == 1, name
        assert not any("skip" in ast.dump(mark) or "xfail" in ast.dump(mark) for mark in found[0].decorator_list), name
        assert asserts(found[0]) or calls_a_judge(found[0], tree), name


def calls_a_judge(test: ast.FunctionDef, tree: ast.Module) -> bool:
    """Whether a test fails through a helper that asserts: one of its own module, or of the browser's."""
    judges = {"axe", "is_narrow"} | {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and asserts(one)}
    return any(isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in judges
               for one in ast.walk(test))  # fmt: skip


def asserts(of: ast.FunctionDef) -> bool:
    """Whether a function asserts something itself."""
    return any(isinstance(one, ast.Assert) for one in ast.walk(of))

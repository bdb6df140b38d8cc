"""The connector's work from a list to check moments, by everybody's own clicks and with no hand in the database."""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.pages import story
from tests.pages.conftest import Site, axe
from tests.pages.steps_people import click, says

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
NAME, REF, EMPLOYER = "Wietske", "S901", "Bedrijf 001"


def test_from_a_list_to_the_check_moments(own_site: Site, open_as: Open) -> None:
    site, clock = own_site, own_site.service.clock
    school = open_as(site, "school")
    story.hand_in(school, story.line_of(NAME, REF))
    connector, employer, student = open_as(site, "connector"), open_as(site, "employer"), open_as(site, "", width=320)
    run = story.ask_run(connector)
    story.compute(site)
    story.take_over(connector, run)
    story.accept(connector, NAME, EMPLOYER)
    story.sign_in_with_code(student, story.code_for(school, NAME, REF))
    story.ask_consent(connector, NAME)
    story.answer(student)
    code = story.share(connector, NAME)
    story.meet(employer, code)
    story.permit_name(student)
    today = clock().date()
    story.plan_meeting(connector, NAME, today)
    clock.forward(minutes=5)
    story.report_meeting(connector, NAME, today)
    story.write_agreement(connector, NAME, today)
    story.employer_agrees(employer, code, NAME)
    story.student_agrees(student)
    story.start(connector, NAME, today)

    story.open_follow_up(connector, NAME)
    axe(connector)
    click(connector, "Bewaar het oordeel")
    assert connector.title().startswith("Fout: ")
    story.judge_trial(connector, NAME)
    story.sign_contract(connector, NAME, today)
    clock.forward(days=15)
    site.__dict__.pop("sessions")  # the sessions of two weeks ago have ended
    connector, student = open_as(site, "connector"), open_as(site, "employer")
    connector.goto("/opvolging")
    says(connector, "na 2 weken")
    story.report_moment(connector, NAME, today + timedelta(days=15), note="Zij is er elke dag")

    story.end_placement(connector, NAME, today + timedelta(days=15))
    says(connector, "De leerling doet weer mee met de volgende berekening.")
    axe(connector)
    run = story.ask_run(connector)
    story.compute(site)
    story.take_over(connector, run)
    story.open_card(connector, NAME)  # back among who is proposed

"""A vacancy that its employer changes is told to connectors of its region until one of them has seen it."""
from __future__ import annotations

import re

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.flow import Flow, begin, on_both
from tests.service.test_held_outside import vacancy_of
from tests.service.test_take_over import judge
from tests.service.test_vacancies import patch, put


def begun(service: Service) -> tuple[Flow, str]:
    """A plan that holds, with the people of one of its pairs, and the page of its place."""
    flow = begin(service)
    assert judge(flow.connector, flow.run).status_code == 200
    return flow, f"/plekken/{flow.opening_id}"


def told(person: Person) -> set[str]:
    """The places whose change the start page tells."""
    page = person.get("/vandaag?taal=nl").text
    queue = next(part for part in page.split('<li class="queue')[1:] if "Vacature gewijzigd" in part)
    return set(re.findall(r'href="(/plekken/[0-9a-f]+)"', queue))


def see(person: Person, place: str, version: int) -> int:
    """Press "Gezien" on a page that showed a version."""
    form = {"csrf_token": person.headers["X-CSRFToken"], "seen": str(version)}
    return person.post(f"{place}/gezien", data=form).status_code


@on_both
def test_what_an_employer_changes_is_told_until_somebody_has_seen_it(cohort: Service) -> None:
    flow, place = begun(cohort)
    assert told(flow.connector) == set()  # a vacancy that is new was not changed
    cohort.clock.forward(minutes=1)
    patch(flow.employer, vacancy_of(flow), shared={"hoursMax": 33})
    assert told(flow.connector) == {place}
    assert "De werkgever wijzigde deze vacature op 15 juni 2026." in flow.connector.get(place).text
    assert "The employer changed this vacancy on 15 June 2026." in flow.connector.get(f"{place}?taal=en").text
    assert see(flow.connector, place, 1) == 303  # of the version before: that says nothing of this one
    assert told(flow.connector) == {place}
    assert see(flow.connector, place, 2) == 303
    assert told(flow.connector) == set()
    assert "De werkgever wijzigde" not in flow.connector.get(f"{place}?taal=nl").text
    cohort.clock.forward(minutes=1)
    patch(flow.employer, vacancy_of(flow), shared={"hoursMax": 34})
    assert told(flow.connector) == {place}
    put(flow.employer, vacancy_of(flow), "closed")
    assert told(flow.connector) == set()  # what is closed is matched with nobody


def test_what_a_connector_changes_is_seen_with_that(cohort: Service) -> None:
    flow, _ = begun(cohort)
    patch(flow.connector, vacancy_of(flow), shared={"hoursMax": 33})
    assert told(flow.connector) == set()


def test_a_connector_of_another_region_hears_nothing_of_a_change_and_says_nothing_of_it(cohort: Service) -> None:
    flow, place = begun(cohort)
    patch(flow.employer, vacancy_of(flow), shared={"hoursMax": 33})
    cohort.add("d@example.org", Right("connector", "AM01"))
    other = cohort.person("d@example.org")
    assert place not in other.get("/vandaag").text
    assert see(other, place, 2) == 404
    assert told(flow.connector) == {place}

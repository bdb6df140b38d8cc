"""A school that hands in lists of 5,000 rows, one after the other, while others work."""
from __future__ import annotations

import random
import threading
import time

from api.services.accounts import Right
from api.store.engine import Database
from fixtures.generate import HEAD, Cohort, as_csv, student_row
from tests.proofs import nation
from tests.proofs.asking import Client, multipart
from tests.proofs.in_turns import HELD, TURN
from tests.proofs.servers import Site
from tests.service.conftest import KEY, NOW

ROWS = 5_000


def big_school(site: Site, port: int) -> Client:
    """A school that hands in lists of 5,000 rows, signed in."""
    from api.services import accounts
    from api.store import audit
    from tests.service.browser import PASSWORD

    database = Database.open(site.url, KEY)
    with database.writing() as session:
        made = accounts.add_account(session, audit.SERVICE, "big@example.org", "Big", [Right("school", "99ZZ00")],
                                    password=PASSWORD, now=NOW, must_change=False)  # fmt: skip
        nation.ground(session, made.grants[0].organisation_id, made.id)
    database.close()
    return Client(port).sign_in("big@example.org")


def upload(client: Client, seed: int = 5) -> tuple[float, float]:
    """Check and store a list of 5,000 rows; return after how many seconds each was done."""
    rng, cohort = random.Random(seed), Cohort(5, nation.ON, nation.towns("AM36"), (("99ZZ00", "pro"),), ROWS, 0)
    rows = [student_row(rng, number, cohort) | {"brin": "99ZZ00", "verwijzer": "", "schooltype": "pro",
                                                "woonplaats": ""} for number in range(1, ROWS + 1)]  # fmt: skip
    sent = multipart(as_csv(HEAD, rows))
    began = time.monotonic()
    upload = client.ask("POST", "/api/v1/uploads", content=sent)
    assert upload.status == 201, upload.body
    checked = time.monotonic() - began
    done = client.ask("PUT", f"/api/v1/uploads/{upload.json['id']}/confirmation",
                      headers={"If-Match": upload.headers["etag"]})  # fmt: skip
    assert done.status == 200, done.body
    return checked, time.monotonic() - began


class Lists:
    """One school that hands in a list of 5,000 rows, all changed, in every other turn, as `drive` follows it."""

    def __init__(self, client: Client, seconds: float) -> None:
        self.client, self.until, self.took = client, time.monotonic() + seconds, list[float]()
        self.busy = False
        self.thread = threading.Thread(target=self._hand_in)
        self.thread.start()

    def __call__(self, _: float) -> str:
        """Whether a list is on its way in."""
        return "list" if self.busy else HELD

    def _hand_in(self) -> None:
        seed = 6
        while time.monotonic() < self.until:
            time.sleep(TURN / 2)
            self.busy, seed = True, seed + 1
            self.took.append(upload(self.client, seed)[1])
            self.busy = False

"""The admin as each role: everything that is offered works, and shows no data of other organisations.

From the start page the crawler follows every link, submits every form unchanged (and rolls back),
runs every action for one row, exports every list and calls every autocomplete. Of pages that differ
only in the record's number it opens two. All records of another organisation have one name, which
must not appear for roles that have nothing to do with that organisation.
"""

import io
import re
import zipfile
from collections import Counter, deque
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.crawling import Form, Page
from tests.house.test_access import arguments, people  # noqa: F401  fixtures
from tests.markup import faults
from volunteers.models import CheckIn
from volunteers.services import messages

pytestmark = pytest.mark.django_db

FOREIGN = "Zacharias Fremdling"
"""The name of all people of the other organisation."""
START = "/verwaltung/"
ROLES = {"coo": 200, "dpt": 150, "for": 200, "dep": 150, "soz": 60, "rep": 50, "adm": 300}
"""Role → the least number of pages that it opens. Users without a role are not let in."""
MOST_ALIKE = 2
"""Pages of one kind to open, such as the histories of applications."""


@pytest.fixture
def foreign(people):  # noqa: F811
    """One of everything for the organisation ``other``."""
    other = people["for"].memberships.get().organisation
    fields = {"email": "zacharias@fremd.example.org"}
    entry = factories.make_entry("Begleitung der Caritas", organisation=other, slug="entry-2")
    programme = factories.make_programme("Lotsen", organisation=other, slug="lotsen")
    application = factories.make_application(other, FOREIGN, entry=entry, **fields)
    messages.write_message(application=application, text=f"Hier ist {FOREIGN}")
    prepared = factories.make_application(other, FOREIGN, entry=programme, status="in_contact")
    factories.make_conduct_check(prepared, people["for"])
    event = factories.make_event("Treffen der Caritas", organisation=other, slug="event-2")
    factories.make_registration(event, FOREIGN)
    request = factories.make_request(FOREIGN, organisation=other)
    tandem = factories.make_tandem(request, factories.make_ready(other, FOREIGN))
    CheckIn.objects.create(tandem=tandem, side="newcomer", due_on=timezone.localdate())
    factories.begin(application)
    factories.make_hours(application)
    factories.make_certificate(application)
    factories.make_request(f"{FOREIGN} sucht", organisation=other)


class Crawl:
    def __init__(self, client: Client, *, may_meet: bool) -> None:
        self.client = client
        self.may_meet = may_meet
        self.todo = deque([START])
        self.seen: set[object] = set()
        self.alike: Counter[object] = Counter()
        self.pages = self.sent = self.files = self.asked = 0

    def run(self) -> None:
        while self.todo:
            url = self.todo.popleft()
            path, names = key = self.key_of(url)
            kind = (re.sub(r"\d+", "0", path), names)
            if key not in self.seen and self.alike[kind] < MOST_ALIKE:
                self.seen.add(key)
                self.alike[kind] += 1
                self.visit(url)

    def key_of(self, url: str) -> tuple[str, tuple[str, ...]]:
        """Pages with the same path and the same first query parameter count as one kind."""
        parts = urlsplit(url)
        names = sorted({name for name, _ in parse_qsl(parts.query)})
        return parts.path, tuple(names[:1])

    def visit(self, url: str) -> None:
        answer = self.client.get(url)
        self.pages += 1
        if answer.status_code == 302:
            self.offer(url, answer.headers["Location"])
            return
        assert answer.status_code == 200, (url, answer.status_code)
        page = self.look_at(url, answer)
        if page is None:
            return
        for link in page.links:
            self.offer(url, link)
        for address in page.autocompletes - self.seen:
            self.seen.add(address)
            self.asked += 1
            told = self.client.get(address)
            assert told.status_code == 200, address
            self.look_at(address, told)
        for form in page.forms:
            self.try_form(url, form)

    def offer(self, base: str, link: str) -> None:
        parts = urlsplit(urljoin(f"http://testserver{base}", link))
        if parts.netloc == "testserver" and parts.path.startswith(START):
            self.todo.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def try_form(self, url: str, form: Form) -> None:
        target = urljoin(url, form.action or url)
        if "abmelden" in target or "logout" in target or not target.startswith("/"):
            return
        if form.method == "get":
            return
        if rows := form.choices.get("_selected_action"):
            for action in filter(None, form.choices.get("action", [])):
                self.send(target, form.data(action=action, _selected_action=rows[0]), action)
            return
        if "purpose" in dict(form.fields):
            for kind in ("xlsx", "ods", "csv"):
                data = form.data(purpose="Bericht oder Auswertung", format=kind)
                self.send(target, data, kind)
            return
        for name, value in form.buttons[:3]:  # without a button there is nothing to submit
            self.send(target, form.data(**({name: value} if name else {})), name)

    def send(self, target: str, data: dict[str, list[str]], what: str) -> None:
        """Submit each URL and button once; changes are rolled back."""
        key = ("POST", urlsplit(target).path, what)
        if key in self.seen:
            return
        self.seen.add(key)
        self.sent += 1
        cookies = self.client.cookies.copy()
        with transaction.atomic():
            answer = self.client.post(target, data)
            assert answer.status_code in {200, 302, 409, 410, 422}, (key, answer.status_code)
            if answer.status_code != 302:
                self.look_at(target, answer)
            transaction.set_rollback(True)
        self.client.cookies = cookies

    def look_at(self, url: str, answer) -> Page | None:
        """Check that the response has nothing foreign, nothing that runs and no fault of markup.

        Returns the page, if it is one.
        """
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        self.files += is_file
        if not self.may_meet:
            for part in [content, *unzipped(content)]:
                assert b"Fremdling" not in part, url
                assert b"fremd.example.org" not in part, url
        if is_file or not answer.headers["Content-Type"].startswith("text/html"):
            return None
        page = Page(content.decode())
        assert page.running == [], url
        assert faults(content.decode()) == [], url
        return page


def unzipped(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK\x03\x04"):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_is_offered_works_and_holds_nothing_foreign(
    role,
    people,  # noqa: F811
    arguments,  # noqa: F811
    foreign,
):
    client = Client()
    client.force_login(people[role])
    crawl = Crawl(client, may_meet=role in {"for", "adm"})
    crawl.run()
    assert crawl.pages >= ROLES[role]
    assert role == "rep" or (crawl.sent > 20 and crawl.asked > 3)
    assert role == "dpt" or crawl.files >= 3  # a deputy may not export


@pytest.mark.slow
def test_crawl_meets_the_foreign_name_where_it_belongs(people, arguments, foreign):  # noqa: F811
    """Otherwise the other test could not fail."""
    client = Client()
    client.force_login(people["for"])
    crawl = Crawl(client, may_meet=False)
    with pytest.raises(AssertionError):
        crawl.run()


@pytest.mark.parametrize("role", ["vol", "anon"])
def test_who_has_no_role_is_offered_nothing(role, people):  # noqa: F811
    client = Client()
    if people[role] is not None:
        client.force_login(people[role])
    answer = client.get(START, follow=True)
    offered = {link for link in Page(answer.text).links if link.startswith(START)}
    assert offered <= {START}  # the link to the login, which every page has

"""A programme gets its protection concept, a child's companion begins, the second person is confirmed."""

import re

import pytest
from playwright.sync_api import expect

from programs.addresses import admin_path
from tests import factories
from tests.browser.test_page_quality import log_in
from tests.browsers import OpenPage, width_of
from volunteers.links import tandems as tandem_links
from volunteers.models.companions import Side
from volunteers.services import tandems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_from_the_form_to_the_phone_of_the_family_and_back(open_page: OpenPage):
    circle = factories.make_circle(department=factories.make_clearing_office())
    katrin = factories.make_member(circle).user
    programme = factories.make_programme("Lernpaten", organisation=circle, makes_tandems=True)
    desk, phone = open_page(), open_page(width=360, height=740, javascript=False)

    log_in(desk, katrin)
    desk.goto(admin_path(programme))
    desk.get_by_role("button", name=re.compile("Schutzkonzept hinzufügen")).click()
    desk.get_by_role("textbox", name="Wo man sich trifft").fill(
        "In der Schule oder in der Stadtbibliothek."
    )
    desk.get_by_role("textbox", name="Wann man sich trifft").fill("Montag bis Freitag, bis 18 Uhr.")
    desk.get_by_role("textbox", name="Beim ersten Treffen ist dabei").fill("jemand von der Schule")
    desk.get_by_role("textbox", name="Wen man anruft").fill("Koordination der Lernpaten")
    desk.locator("#id_protection-0-phone").fill("0711 216-57000")
    desk.get_by_role("textbox", name="Für die Familie").fill("Sie dürfen immer dabei sein.")
    desk.get_by_role("button", name="Sichern", exact=True).click()
    desk.wait_for_url(re.compile("/programme/$"))

    request = factories.make_request("Samira", organisation=circle, programme=programme)
    application = factories.make_ready(circle, entry=programme)
    tandem = tandems.propose(request=request, application=application, by=katrin)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    phone.goto(tandem_links.page_of(tandem, Side.NEWCOMER))
    expect(
        phone.get_by_text("Beim ersten Treffen ist dabei: jemand von der Schule.")
    ).to_be_visible()
    phone.get_by_text("So schützen wir alle").click()
    expect(phone.get_by_text("Sie dürfen immer dabei sein.")).to_be_visible()
    expect(phone.get_by_role("link", name="0711 216-57000")).to_be_visible()
    assert width_of(phone) <= 360

    desk.goto(admin_path(tandem))
    desk.get_by_role("link", name="Die zweite Person war dabei").click()
    desk.get_by_role("button", name=re.compile("zweite Person war dabei")).click()
    expect(desk.get_by_text("Bestätigt.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Beim ersten Treffen ist dabei: jemand")).to_have_count(0)

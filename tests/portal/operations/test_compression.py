"""Which responses are compressed, and which are not."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
GZIP = {"headers": {"accept-encoding": "gzip"}}


def test_forms_and_the_administration_go_out_compressed(admin_client):
    factories.make_clearing_office()
    for client, address in (
        (Client(), reverse("volunteers:sign_up")),
        (admin_client, reverse("admin:volunteers_application_changelist")),
    ):
        response = client.get(address, **GZIP)
        assert response["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response["Vary"]
        page = gzip.decompress(response.content)
        assert b"<h1" in page
        assert len(response.content) < len(page) / 2


def test_csrf_token_is_another_one_each_time():
    factories.make_clearing_office()
    client = Client()
    pages = [client.get(reverse("volunteers:sign_up")).content for _ in range(2)]
    tokens = [page.split(b'name="csrfmiddlewaretoken" value="')[1][:64] for page in pages]
    assert tokens[0] != tokens[1]


def test_whoever_takes_no_compressed_page_gets_a_plain_one(client):
    assert "Content-Encoding" not in client.get(reverse("portal:home"))

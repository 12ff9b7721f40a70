"""``/metrics``: real processes that count for each other, read with Prometheus's own parser; the alarm rules."""

import json
import re
import time
from pathlib import Path

import psutil
import pytest
import yaml
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from portal.operations import metrics, outage
from tests.installation import GUNICORN, Installation

TOKEN = "a-token-for-prometheus-of-this-test"
ASK = {"Authorization": f"Bearer {TOKEN}"}
RULES = settings.BASE_DIR / "deploy" / "prometheus-rules.yml"


def read(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Name and labels → value, as Prometheus understands them."""
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    found = {(one.name, frozenset(one.labels.items())): one.value for one in samples}
    assert len(found) == len(samples) > 0
    return found


def names(text: str) -> set[str]:
    return {name for name, _labels in read(text)}


@pytest.mark.parametrize(
    "given", [None, "", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ü"]
)
def test_without_the_token_there_is_nothing(client, settings, given):
    headers = {} if given is None else {"authorization": given}
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers=headers).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.django_db
def test_what_the_database_knows_in_few_queries(client, settings, django_assert_max_num_queries):
    settings.METRICS_TOKEN = TOKEN
    with django_assert_max_num_queries(10):
        response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert "no-store" in response.headers["Cache-Control"]
    found = read(response.content.decode())
    queues = {dict(labels)["queue"] for name, labels in found if name == "portal_queue_jobs"}
    assert queues == set(settings.QUEUES)
    assert found["portal_migrations_missing", frozenset()] == 0
    assert found["portal_database_up", frozenset()] == 1
    assert found["portal_database_bytes", frozenset()] > 1_000_000


def test_a_database_that_is_away_is_told(client, settings, monkeypatch):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(outage, "answers", lambda: False)
    monkeypatch.setattr(outage.Outage, "begins", lambda self: None)
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert read(response.content.decode())["portal_database_up", frozenset()] == 0


@pytest.fixture(scope="module")
def rules() -> list[dict[str, object]]:
    loaded = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


class TestAlarmRules:
    def test_each_has_all_that_an_alarm_needs(self, rules):
        for rule in rules:
            assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}, rule
            assert set(rule["annotations"]) == {"summary", "description"}
            assert rule["labels"]["severity"] in {"page", "ticket"}
            assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
        assert len({rule["alert"] for rule in rules}) == len(rules) >= 10

    @pytest.mark.django_db
    def test_each_reads_a_figure_that_is_there(self, rules):
        known = {
            "up",
            "portal_requests_total",
            "portal_request_seconds_bucket",
            "portal_database_pool",
        }
        known |= {
            "portal_chores_last_run_timestamp_seconds",
            "portal_backup_last_good_timestamp_seconds",
        }
        known |= {"portal_retention_last_run_timestamp_seconds"}
        known |= {family.name for family in metrics.FromDatabase().collect()}
        for rule in rules:
            used = set(re.findall(r"\b(?:portal_\w+|up)\b", rule["expr"]))
            assert used, rule
            assert used <= known, rule

    def test_they_name_the_limits_of_the_settings(self, rules):
        by_name = {rule["alert"]: rule["expr"] for rule in rules}
        assert by_name["QueueLate"].endswith(f"> {settings.QUEUE_LATE_SECONDS}")
        assert by_name["QueueWithoutWorker"].endswith(f"> {settings.SIGN_OF_LIFE_SECONDS}")
        assert f"> {settings.RETENTION_LATE_HOURS} * 3600" in by_name["RetentionLate"]
        assert f"> {settings.BACKUP_LATE_HOURS} * 3600" in by_name["BackupOld"]


def test_servers_that_share_a_folder_count_on_where_the_one_before_on_their_port_stopped(
    monkeypatch,
):
    monkeypatch.setenv("PORTAL_PROCESS", "web")  # importing it would set that for good
    from portal import gunicorn

    monkeypatch.setenv(metrics.FOLDER, "/run/portal")
    assert gunicorn._place(7, 0) == gunicorn._place(8, 0) == f"port{gunicorn._port}-0"
    monkeypatch.setenv(metrics.FOLDER, f"/run/{gunicorn.METRICS}a")
    assert gunicorn._place(7, 1) == "7-1"


@pytest.fixture(scope="module")
def portal(tmp_path_factory, tables):
    """PostgreSQL and a gunicorn with two processes."""
    installation = Installation(tmp_path_factory.mktemp("metrics"))
    try:
        installation.set_up(tables=tables)
        installation.start(GUNICORN, METRICS_TOKEN=TOKEN, LOG_FORMAT="json", LOG_REQUESTS="1")
        installation.wait_for(lambda: installation.get("/readyz").status == 200)
        yield installation
    finally:
        installation.stop()


@pytest.mark.slow
class TestRealProcesses:
    def count(self, portal: Installation, route: str, status: str) -> float:
        labels = {"route": route, "method": "GET", "status": status}
        text = portal.get("/metrics", **ASK).text
        return read(text).get(("portal_requests_total", frozenset(labels.items())), 0)

    def test_every_process_knows_what_all_have_counted(self, portal):
        for number in range(40):
            assert portal.get("/woerter/").status == 200
            assert portal.get(f"/einsatz/erfunden-{number}/").status == 404
        for _ in range(10):  # whichever process answers
            assert self.count(portal, "woerter/", "200") == 40
            assert self.count(portal, "einsatz/<slug:slug>/", "404") == 40
        text = portal.get("/metrics", **ASK).text
        assert "erfunden" not in text
        labels = {"route": "woerter/", "method": "GET"}
        assert read(text)["portal_request_seconds_count", frozenset(labels.items())] == 40
        assert "portal_database_pool" in names(text)

    def test_a_process_that_dies_takes_no_count_along_and_leaves_no_file(self, portal):
        before = self.count(portal, "woerter/", "200")
        for _ in range(3):
            for process in workers_of(portal):
                process.kill()
            portal.wait_for(lambda: len(workers_of(portal)) == 2)
            portal.wait_for(lambda: portal.get("/woerter/").status == 200)
            before += 1
            time.sleep(0.2)
        assert self.count(portal, "woerter/", "200") >= before
        folder = next(iter(folders_of(portal)))
        assert len(list(folder.glob("counter_*.db"))) <= 4

    def test_each_line_of_the_log_is_one_object(self, portal):
        lines = portal.said(portal.processes[0]).splitlines()
        read_lines = [json.loads(line) for line in lines]
        routes = {line.get("route") for line in read_lines if line["logger"] == "portal.requests"}
        assert {"woerter/", "einsatz/<slug:slug>/", "metrics"} <= routes
        assert {line["process"] for line in read_lines} == {"web"}
        assert any(line["logger"] == "gunicorn.error" for line in read_lines)
        assert "erfunden" not in "".join(lines)

    def test_nothing_is_left_when_the_server_stops(self, portal):
        (folder,) = folders_of(portal)
        portal.processes[0].terminate()
        portal.processes[0].wait(30)
        assert not folder.exists()


def workers_of(portal: Installation) -> list[psutil.Process]:
    return psutil.Process(portal.processes[0].pid).children()


def folders_of(portal: Installation) -> set[Path]:
    opened = [file.path for one in workers_of(portal) for file in one.memory_maps()]
    return {Path(path).parent for path in opened if "portal-metrics-" in path}

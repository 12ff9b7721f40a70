"""Each alarm of ``deploy/prometheus-rules.yml`` fires when it should and not before, says promtool."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from tests.serving import DEPLOY

RULES = DEPLOY / "prometheus-rules.yml"
WEB = 'job="freiwilligenportal", instance="web"'
HOUR, DAY = 60, 24 * 60
PACE = 15


class Alarm(NamedTuple):
    """Series, each with one value a minute in the notation of promtool; ``quiet`` and ``fires`` are minutes."""

    series: dict[str, str]
    quiet: int
    fires: int


def gauge(name: str, values: str, labels: str = "") -> dict[str, str]:
    return {f"portal_{name}{{{WEB}{labels}}}": values}


def requests(status: int, values: str, route: str = "woerter/") -> dict[str, str]:
    return gauge("requests_total", values, f', route="{route}", method="GET", status="{status}"')


def buckets(at_once: str, later: str) -> dict[str, str]:
    labels = ', route="woerter/", method="GET"'
    return {
        **gauge("request_seconds_bucket", at_once, f'{labels}, le="1"'),
        **gauge("request_seconds_bucket", later, f'{labels}, le="2.5"'),
        **gauge("request_seconds_bucket", later, f'{labels}, le="+Inf"'),
    }


UP = gauge("database_up", f"1x{3 * DAY}")
ALARMS = {
    "PortalGone": Alarm({f"up{{{WEB}}}": "1x4 0x9"}, 6, 8),
    "DatabaseGone": Alarm(gauge("database_up", "1x4 0x9"), 5, 7),
    "NoWorker": Alarm(gauge("workers", "2x4 0x9"), 7, 9),
    "QueueWithoutWorker": Alarm(gauge("queue_silent_seconds", "0+60x20", ', queue="mail"'), 4, 6),
    "QueueLate": Alarm(gauge("queue_oldest_seconds", "0+60x40", ', queue="jobs"'), 20, 22),
    "MailsWait": Alarm(gauge("mails_oldest_seconds", "0+60x90"), 65, 67),
    "MailsGivenUp": Alarm(gauge("mails_given_up", f"5x{DAY + 14} 30x30"), DAY, DAY + 30),
    "Errors": Alarm({**requests(200, "0+100x30"), **requests(500, "0x9 0+9x20")}, 12, 18),
    "Slow": Alarm(buckets("0+90x40", "0+100x40"), 9, 14),
    "PoolFull": Alarm(gauge("database_pool", "0x4 3x9", ', state="waiting"'), 6, 8),
    "ConnectionsUsedUp": Alarm(
        {
            **gauge("database_connections", "80x4 90x20"),
            **gauge("database_connections_most", "100x30"),
        },
        9,
        12,
    ),
    "MigrationsMissing": Alarm(gauge("migrations_missing", "0x4 1x30"), 18, 21),
    "DiskNearlyFull": Alarm(gauge("disk_free_bytes", "2000000000x4 900000000x30"), 13, 16),
    "RetentionLate": Alarm(
        gauge("retention_last_run_timestamp_seconds", f"0x{3 * DAY}"), 47 * HOUR, 49 * HOUR
    ),
    "RemindersLate": Alarm(gauge("chores_last_run_timestamp_seconds", "0x60"), 19, 22),
    "BackupOld": Alarm(
        gauge("backup_last_good_timestamp_seconds", f"0x{3 * DAY}"), 29 * HOUR, 31 * HOUR
    ),
    "RetentionNever": Alarm(UP, 47 * HOUR, 49 * HOUR),
    "RemindersNever": Alarm(UP, 19, 21),
    "BackupNever": Alarm(UP, 29 * HOUR, 31 * HOUR),
    "ApplicationsUnanswered": Alarm(
        gauge("applications_escalated", f"10x9 11x{2 * DAY}"), DAY, DAY + 30
    ),
}
HARMLESS = {
    "Errors": {
        "one error at night": {**requests(200, "0+1x40"), **requests(500, "0x9 1x30")},
        "what monitoring asks for": {
            **requests(200, "0+1x40"),
            **requests(503, "0+30x40", "healthz"),
        },
    },
    "RetentionNever": {"it has": {**UP, **ALARMS["RetentionLate"].series}},
    "RemindersNever": {"they have": {**UP, **ALARMS["RemindersLate"].series}},
    "BackupNever": {
        "there is one": {**UP, **ALARMS["BackupOld"].series},
        "the database is away": gauge("database_up", f"0x{2 * DAY}"),
    },
}
"""Alarm → what must not make it fire."""


def test_each_alarm_is_tried():
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    assert [rule["alert"] for group in groups for rule in group["rules"]] == [*ALARMS]


@pytest.mark.slow
@pytest.mark.parametrize("pace", [1, PACE], ids=["soon", "late"])
def test_each_fires_in_time_and_not_before(pace, tmp_path):
    """Those that take days are looked at every ``PACE`` minutes only; so are their minutes above."""
    if not (promtool := shutil.which("promtool")):
        pytest.skip("promtool is not installed (Debian: apt install prometheus).")
    file = tmp_path / "alarms.json"  # which is YAML as well
    chosen = {name for name, alarm in ALARMS.items() if (alarm.fires > 10 * HOUR) == (pace == PACE)}
    text = {
        "rule_files": [str(RULES)],
        "evaluation_interval": f"{pace}m",
        "tests": [case for name in chosen for case in tried(name, ALARMS[name])],
    }
    file.write_text(json.dumps(text), encoding="utf-8")
    done = subprocess.run(
        [promtool, "test", "rules", str(file)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def tried(name: str, alarm: Alarm) -> Iterator[dict[str, Any]]:
    yield one(f"{name} is quiet, then fires", name, alarm.series, alarm.quiet, alarm.fires)
    for what, series in HARMLESS.get(name, {}).items():
        yield one(f"{name}: {what}", name, series, alarm.fires)


def one(
    title: str, name: str, series: dict[str, str], quiet: int, fires: int = 0
) -> dict[str, Any]:
    """That no alarm ``name`` fires at the minute ``quiet``, and one at ``fires``."""
    query = f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)'
    times = {quiet: 0} | ({fires: 1} if fires else {})
    return {
        "name": title,
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [
            {
                "expr": query,
                "eval_time": f"{minute}m",
                "exp_samples": [{"labels": "{}", "value": expected}],
            }
            for minute, expected in times.items()
        ],
    }

"""The alerts and dashboards ask for metrics that are there, and the runbook knows every alert."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from jifen_contracts.codes import MEANINGS
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ledger.adapters.http.metrics import register_metrics
from jifen_ledger.adapters.http.operations import CountedRequests
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.status import ProjectionStatus
from jifen_local.setup.nats_file import MONITOR_PORT
from tests.docs.promtool import promtool_in
from tests.docs.readme import ROOT
from tests.support.composed import SINGLE, services_of
from tests.support.scraping import Scrape

DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
TESTS_OF_ALERTS = ROOT / "tests" / "docs" / "alerts_test.yml"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
RUNBOOK = ROOT / "docs" / "operations.md"
METRIC = re.compile(r"\b(?:jifen|process)_[a-z_]+")
CODE = re.compile(r'code=?[!~]*"([a-z_|]+)"')


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels(dashboard: Path) -> Iterator[dict[str, Any]]:
    for panel in json.loads(dashboard.read_text(encoding="utf-8"))["panels"]:
        if panel["type"] != "row":
            yield panel


def expressions() -> set[str]:
    shown = {
        target["expr"]
        for dashboard in DASHBOARDS
        for panel in panels(dashboard)
        for target in panel["targets"]
    }
    return shown | {rule["expr"] for rule in rules()}


def metrics() -> set[str]:
    """What both services show; families without a sample are shown as well."""
    registry, telemetry = CollectorRegistry(), Telemetry()
    telemetry.watch(lambda: 0, lambda: True)
    register_metrics(registry, ProjectionStatus(), LogStatus(), lambda: 0)
    CountedRequests(_nowhere, registry)
    shown: set[str] = set()
    for text in (telemetry.exposition(), generate_latest(registry)):
        shown |= Scrape(text.decode()).names
    # A family without a sample is named by what its samples would be.
    return {f"{name}{end}" for name in shown for end in ("", "_total", "_bucket", "_sum", "_count")}


async def _nowhere(*_: object) -> None:
    """Answer nothing."""


def test_every_metric_that_an_alert_or_a_dashboard_asks_for_is_shown() -> None:
    asked = {name for one in expressions() for name in METRIC.findall(one)}

    assert len(asked) > 25
    assert asked - metrics() == set()


def test_every_code_that_is_asked_for_is_one() -> None:
    asked = {
        code for one in expressions() for codes in CODE.findall(one) for code in codes.split("|")
    }

    assert asked
    assert asked - {code.value for code in MEANINGS} == set()


def test_every_alert_says_what_it_means_and_the_runbook_has_its_heading() -> None:
    headings = re.findall(r"^### (\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    names = [rule["alert"] for rule in rules()]

    assert [name for name in headings if name in names] == names
    assert len(set(names)) == len(names)
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
        assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_runbook_names_every_metric_and_no_other() -> None:
    named = set(re.findall(r"`(jifen_[a-z_]+)(?:\{[^}]*\})?`", RUNBOOK.read_text(encoding="utf-8")))
    text = (Telemetry().exposition() + _of_ledger()).decode()
    shown = {
        f"{one.removesuffix('_total')}"
        for one in re.findall(r"^# HELP (jifen_[a-z_]+)", text, re.MULTILINE)
    }
    watched = {"jifen_ingest_queue_events", "jifen_ingest_connected"}

    assert {one.removesuffix("_total") for one in named} == shown | watched


def _of_ledger() -> bytes:
    registry = CollectorRegistry()
    register_metrics(registry, ProjectionStatus(), LogStatus(), lambda: 0)
    CountedRequests(_nowhere, registry)
    return generate_latest(registry)


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_explains_its_panels_and_uses_the_source_that_is_provisioned(
    dashboard: Path,
) -> None:
    [source] = provisioned("datasources/prometheus.yaml")["datasources"]
    shown = list(panels(dashboard))

    assert all(one["title"] and one["description"] and one["targets"] for one in shown)
    assert {one["datasource"]["uid"] for one in shown} == {source["uid"]}
    assert len({one["id"] for one in shown}) == len(shown)


def test_grafana_finds_dashboards_and_source_where_its_container_has_them() -> None:
    """Its image cannot be had on every machine, so its files are compared with its service."""
    services = services_of(SINGLE)
    mounted = dict(
        reversed(one.removesuffix(":ro").split(":"))
        for one in services["grafana"]["volumes"]
        if one.startswith("./")
    )
    [provider] = provisioned("dashboards/jifen.yaml")["providers"]
    [source] = provisioned("datasources/prometheus.yaml")["datasources"]
    address = urlsplit(source["url"])

    assert mounted == {
        provider["options"]["path"]: "./grafana/dashboards",
        "/etc/grafana/provisioning": "./grafana/provisioning",
    }
    assert [one.stem for one in DASHBOARDS] == ["ingest", "ledger"]
    assert (
        address.hostname in services,
        f":{address.port}" in services["prometheus"]["ports"][0][-5:],
    ) == (True, True)


def test_prometheus_asks_the_exporter_of_nats_at_the_port_that_it_is_given() -> None:
    command = services_of(SINGLE)["nats-exporter"]["command"]
    jobs = yaml.safe_load((DEPLOY / "prometheus" / "scrape" / "single.yml").read_text())
    [asked] = [one for one in jobs["scrape_configs"] if one["job_name"] == "nats"]

    assert [(one["names"], str(one["port"])) for one in asked["dns_sd_configs"]] == [
        (["nats-exporter"], command[command.index("-port") + 1])
    ]
    assert command[-1] == f"http://nats:{MONITOR_PORT}"


def provisioned(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (DEPLOY / "grafana" / "provisioning" / name).read_text(encoding="utf-8")
    )
    return found


@pytest.mark.parametrize("command", [["check", "rules"], ["test", "rules"]], ids=" ".join)
def test_promtool_takes_the_rules_and_they_fire_when_they_must(command: list[str]) -> None:
    promtool = promtool_in(ROOT)
    if promtool is None:
        pytest.skip("neither promtool nor the image of Prometheus is here")
    file = ALERTS if command[0] == "check" else TESTS_OF_ALERTS

    done = subprocess.run(
        [*promtool, *command, file.relative_to(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_takes_every_question_of_the_dashboards() -> None:
    promtool = promtool_in(ROOT)
    if promtool is None:
        pytest.skip("neither promtool nor the image of Prometheus is here")
    asked = [
        {"record": f"asked:{number}", "expr": one.replace("$scheme", ".*")}
        for number, one in enumerate(sorted(expressions()))
    ]

    done = subprocess.run(
        [*promtool, "check", "rules"],
        cwd=ROOT,
        input=yaml.safe_dump({"groups": [{"name": "asked", "rules": asked}]}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, f"SUCCESS: {len(asked)} rules found" in done.stdout) == (0, True), (
        done.stdout + done.stderr
    )

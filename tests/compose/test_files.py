"""The compose files, read without any engine: what no service may have, and what each must."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from jifen_local.setup.volume import OWNERS
from tests.support.composed import (
    CLUSTER,
    CLUSTER_TLS,
    DEPLOY,
    SINGLE,
    TLS,
    read,
    services_of,
)

FILES = [pytest.param(SINGLE, id="single"), pytest.param(CLUSTER, id="cluster")]
SWITCHES = [pytest.param(TLS, id="tls"), pytest.param(CLUSTER_TLS, id="cluster-tls")]
# They end before anything is served, so nobody asks how they are.
ONCE = {"setup", "streams", "migrate"}
# What an operator runs, and `up` does not.
TOOLS = {"source"}
ON_LOOPBACK = re.compile(r"\$\{JIFEN_BIND:-127\.0\.0\.1\}:\$\{JIFEN_[A-Z]+_PORT:-\d+\}:\d+")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|KEY", re.IGNORECASE)


def environments(path: Path) -> dict[str, Mapping[str, str]]:
    return {name: one.get("environment", {}) for name, one in services_of(path).items()}


@pytest.mark.parametrize("path", FILES)
def test_every_service_runs_with_the_least_it_needs(path: Path) -> None:
    lax = {
        name
        for name, service in services_of(path).items()
        if not (
            service["read_only"] is True
            and service["cap_drop"] == ["ALL"]
            and service["security_opt"] == ["no-new-privileges:true"]
            and {"mem_limit", "pids_limit"} <= service.keys()
            and ("cpus" in service or name in ONCE | TOOLS)
            and "privileged" not in service
        )
    }

    assert lax == set()


@pytest.mark.parametrize("path", FILES)
def test_only_the_setup_has_a_capability(path: Path) -> None:
    added = {name: one["cap_add"] for name, one in services_of(path).items() if one.get("cap_add")}

    assert added == {"setup": ["CHOWN", "DAC_OVERRIDE", "FOWNER"]}


@pytest.mark.parametrize("path", FILES)
def test_what_lasts_is_started_again_and_what_runs_once_is_waited_for(path: Path) -> None:
    services = services_of(path)
    again = {name for name, one in services.items() if one["restart"] == "unless-stopped"}
    waited = {
        (name, condition["condition"])
        for one in services.values()
        for name, condition in one.get("depends_on", {}).items()
    }

    assert again == services.keys() - ONCE - TOOLS
    assert {name for name, how in waited if how == "service_completed_successfully"} == ONCE
    assert {how for name, how in waited if name not in ONCE} == {"service_healthy"}


@pytest.mark.parametrize("path", FILES)
def test_every_port_is_on_loopback_unless_the_operator_says_otherwise(path: Path) -> None:
    ports = [port for one in services_of(path).values() for port in one.get("ports", ())]

    assert [port for port in ports if not ON_LOOPBACK.fullmatch(port)] == []
    assert len(ports) >= 4


@pytest.mark.parametrize("path", FILES)
def test_no_image_is_of_a_moving_tag_or_of_a_named_host(path: Path) -> None:
    images = {one["image"] for one in services_of(path).values()}
    loose = {image for image in images if image.endswith(":latest") or ":" not in image}
    elsewhere = {image for image in images if "." in image.split("/", maxsplit=1)[0].split(":")[0]}

    assert (loose, elsewhere) == (set(), set())


@pytest.mark.parametrize("path", [*FILES, *SWITCHES])
def test_no_secret_is_in_an_environment(path: Path) -> None:
    """A variable with such a name may only say in which file the secret is."""
    told = {
        (name, key)
        for name, environment in environments(path).items()
        for key, value in environment.items()
        if SECRET.search(key) and not str(value).startswith(("/secrets/", "/var/lib/jifen/"))
    }

    assert told == set()


@pytest.mark.parametrize("path", FILES)
def test_a_service_reads_the_secrets_of_its_own_user_only(path: Path) -> None:
    """The user of the container owns the directory that its variables name."""
    reads = {
        (name.rstrip("-12"), match[1])
        for name, environment in environments(path).items()
        for value in environment.values()
        if (match := re.match(r"/secrets/([a-z]+)/", f"{value}/"))
    }

    assert reads - {("grafana", "grafana")} == {
        ("ingest", "ingest"),
        ("ledger", "ledger"),
        ("migrate", "ledger"),
        ("postgres", "postgres"),
        ("source", "ingest"),
        ("streams", "operator"),
    }
    assert services_of(path)["streams"]["user"] == "{0}:{0}".format(OWNERS["operator"])


def test_every_volume_that_a_service_mounts_is_declared() -> None:
    undeclared = {
        (path.name, volume.split(":")[0])
        for path in (SINGLE, CLUSTER)
        for service in services_of(path).values()
        for volume in service.get("volumes", ())
        if not volume.startswith("./") and volume.split(":")[0] not in read(path)["volumes"]
    }

    assert undeclared == set()


def test_the_cluster_has_what_it_is_for() -> None:
    services = services_of(CLUSTER)
    nodes = {name for name in services if name.startswith("nats-")}
    streams: Mapping[str, Any] = services["streams"]

    assert (len(nodes), streams["environment"]["JIFEN_STREAM_REPLICAS"]) == (3, "3")
    assert {"ingest-1", "ingest-2", "ledger-1", "ledger-2", "proxy"} <= services.keys()


@pytest.mark.parametrize("path", FILES)
def test_a_tool_is_never_started_by_itself(path: Path) -> None:
    assert {
        name for name, one in services_of(path).items() if "tools" in one.get("profiles", ())
    } == TOOLS


@pytest.mark.parametrize(("path", "switch"), [(SINGLE, TLS), (CLUSTER, CLUSTER_TLS)])
def test_the_switch_reaches_every_service_that_listens_or_connects(
    path: Path, switch: Path
) -> None:
    silent = {"setup", "source", "grafana", "nats-exporter"}

    assert services_of(switch).keys() == services_of(path).keys() - silent


def test_prometheus_asks_every_service_that_the_file_runs() -> None:
    asked = {}
    for path, whole in (
        (SINGLE, SINGLE),
        (CLUSTER, CLUSTER),
        (TLS, SINGLE),
        (CLUSTER_TLS, CLUSTER),
    ):
        mounted = next(
            volume for volume in services_of(path)["prometheus"]["volumes"] if "/scrape/" in volume
        )
        scraped = yaml.safe_load((DEPLOY / mounted.split(":")[0]).read_text())["scrape_configs"]
        asked[path] = (
            whole,
            {
                target.split(":")[0]
                for job in scraped
                for static in job.get("static_configs", ())
                for target in static["targets"]
            },
        )

    assert {path: found for path, (_, found) in asked.items()} == {
        path: {name for name in services_of(whole) if name.startswith(("ingest", "ledger"))}
        for path, (whole, _) in asked.items()
    }

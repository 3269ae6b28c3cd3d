"""What a page of metrics says, as Prometheus reads it."""

from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families


class Scrape:
    def __init__(self, text: str) -> None:
        families = list(text_string_to_metric_families(text))
        self.names = {one.name for one in families}
        self._samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }
        self.names |= {name for name, _ in self._samples}

    def value(self, name: str, **labels: str) -> float | None:
        """The sample of these labels, all of them, or None where there is none."""
        return self._samples.get((name, frozenset(labels.items())))

    def total(self, name: str, **labels: str) -> float:
        """The sum of the samples that have these labels among theirs."""
        return sum(value for own, value in self._of(name) if labels.items() <= own.items())

    def labels(self) -> dict[str, set[str]]:
        """Every label with the values that it has."""
        found: dict[str, set[str]] = {}
        for _, own in self._samples:
            for label, value in own:
                found.setdefault(label, set()).add(value)
        return found

    def _of(self, name: str) -> Iterator[tuple[dict[str, str], float]]:
        for (own, labels), value in self._samples.items():
            if own == name:
                yield dict(labels), value

"""Which benchmarks there are, with the load of a whole run and of a quick one."""

from typing import Final, NamedTuple

# What a quick run of all may take together.
QUICK_IN_ALL_S: Final = 180


class Benchmark(NamedTuple):
    """A module that measures; both runs are stopped when they take longer than they may."""

    module: str
    title: str
    quick: tuple[str, ...]
    whole_s: int
    quick_s: int
    whole: tuple[str, ...] = ()


BENCHMARKS: Final = (
    Benchmark(
        "ingest",
        "HTTP and NATS to durable answers, against bare publishing, a no-op, one publish each",
        ("--events", "3000", "--rounds", "1"),
        900,
        60,
    ),
    Benchmark(
        "projection",
        "stream to committed rows, against a bare loop, the tutorial way and eventsourcing",
        ("--events", "8000", "--peers", "300", "--rounds", "1"),
        1_200,
        60,
    ),
    Benchmark(
        "hot_path",
        "where the projection's microseconds go",
        ("--events", "8000"),
        600,
        60,
    ),
    Benchmark(
        "log",
        "what the verifiable log costs: bytes, tree, writing, signing, proofs, audit",
        (
            *("--leaves", "100000", "--backlog", "4096", "--rounds", "5", "--seconds", "3"),
            *("--events", "4000", "--turns", "1", "--records", "50000"),
        ),
        600,
        60,
    ),
    Benchmark(
        "ranks",
        "a rank, the top 100 and neighbours, against a Redis sorted set",
        ("--members", "50000", "--reads", "300", "--rounds", "1"),
        600,
        60,
    ),
    Benchmark(
        "visible",
        "from the POST of an event to the head that has it, at a steady rate",
        ("--seconds", "5"),
        180,
        60,
    ),
    Benchmark(
        "rebuild",
        "how time and memory of a rebuild grow, against COPY of the same rows",
        ("--events", "10000"),
        3_600,
        60,
    ),
)

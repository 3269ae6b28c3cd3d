"""W3C Trace Context, as requests and events bear it."""

import pytest

from jifen_contracts.tracing import is_sampled, trace_id_of, traceparent_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
HOP = "b7ad6b7169203331"


def test_a_header_names_its_trace_and_says_whether_it_is_wanted() -> None:
    wanted, unwanted = (f"00-{TRACE}-{HOP}-{flags}" for flags in ("01", "00"))

    assert (traceparent_of(wanted), trace_id_of(wanted)) == (wanted, TRACE)
    assert (is_sampled(wanted), is_sampled(unwanted)) == (True, False)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "whatever",
        f"00-{'0' * 32}-{HOP}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{HOP}-01",
        f"ff-{TRACE}-{HOP}-01",
        f"00-{TRACE}-{HOP}-01-more",
    ],
)
def test_what_names_no_trace_is_passed_over(header: str | None) -> None:
    assert (traceparent_of(header), trace_id_of(header)) == (None, None)

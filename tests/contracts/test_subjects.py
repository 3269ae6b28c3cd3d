"""Subjects and streams of a scheme."""

from jifen_contracts import (
    ingest_subject_of,
    private_stream_of,
    private_subject_of,
    private_subjects_of,
    stream_of,
    subject_of,
    subjects_of,
)


def test_a_scheme_has_two_streams_and_their_subjects() -> None:
    assert (stream_of("plant"), subjects_of("plant")) == ("JIFEN_plant", "jifen.v1.plant.>")
    assert (private_stream_of("plant"), private_subjects_of("plant")) == (
        "JIFEN_PRIVATE_plant",
        "jifen.private.v1.plant.>",
    )
    assert ingest_subject_of("plant") == "jifen.ingest.v1.plant"


def test_an_events_subject_is_made_from_the_event_alone() -> None:
    subject = subject_of("plant", "m-0a17", "jifen.points.earned.v1")

    assert subject == "jifen.v1.plant.m-0a17.points.earned"


def test_private_parts_of_a_person_have_one_subject() -> None:
    assert private_subject_of("plant", "m-0a17") == "jifen.private.v1.plant.m-0a17"

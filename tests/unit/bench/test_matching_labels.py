from bench.matching.labelled import library, rows


def test_labels_name_tracks_of_the_library() -> None:
    numbers = [track.number for track in library()]

    assert len(numbers) == len(set(numbers))
    assert {number for row in rows() for number in row.expected} <= set(numbers)


def test_a_third_is_held_back_of_each_outcome() -> None:
    found = rows()
    held = [row for row in found if row.held_back]

    assert len(found) >= 300
    assert 0.25 < len(held) / len(found) < 0.42
    assert sum(not row.expected for row in held) > 30
    assert sum(bool(row.expected) for row in held) > 60

import pytest

from djamms.media.mpeg import MPEG, decode, vbr_header
from djamms.media.walk import Frame


@pytest.mark.parametrize(
    ("word", "frame"),
    [
        (0xFFFB9064, Frame(417, 1152, 44_100, 128, 2)),
        (0xFFFB92C4, Frame(418, 1152, 44_100, 128, 1)),
        (0xFFFBE064, Frame(1044, 1152, 44_100, 320, 2)),
        (0xFFF384C4, Frame(192, 576, 24_000, 64, 1)),
        (0xFFE318C4, Frame(72, 576, 8_000, 8, 1)),
    ],
)
def test_reads_a_header(word: int, frame: Frame) -> None:
    assert decode(word) == frame


@pytest.mark.parametrize(
    "word",
    [0xFFFD9064, 0xFFFF9064, 0xFFEB9064, 0xFFFBF064, 0xFFFB0064, 0xFFFB9C64, 0x7FFB9064],
    ids=["layer 2", "layer 1", "no version", "bad rate", "free rate", "no sample rate", "no sync"],
)
def test_refuses_what_is_no_layer_3_header(word: int) -> None:
    assert decode(word) is None


def test_reads_what_a_vbri_header_claims() -> None:
    frame = MPEG.at(b"\xff\xfb\x90\x64", 0)
    assert frame is not None
    data = bytes(36) + b"VBRI" + bytes(6) + (123_456).to_bytes(4) + bytes(20)

    header = vbr_header(data, frame)

    assert header is not None
    assert (header.is_constant, header.audio_bytes) == (False, 123_456)

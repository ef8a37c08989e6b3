"""Files read as plain data: what is refused, and by which name."""

from pathlib import Path

import pytest

from games.documents import MAX_BYTES, read_bytes
from games.errors import InvalidGameError


def test_file_larger_than_its_kind_allows_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b" " * (MAX_BYTES[".yaml"] + 7))
    with pytest.raises(InvalidGameError, match=f"has {MAX_BYTES['.yaml'] + 7} bytes"):
        read_bytes(path, ".yaml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device here")
def test_device_without_an_end_is_refused() -> None:
    with pytest.raises(InvalidGameError, match="files of this kind may have"):
        read_bytes("/dev/zero", ".yaml")


def test_file_within_the_limit_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_bytes(b"{}\n")
    assert read_bytes(path, ".json") == b"{}\n"

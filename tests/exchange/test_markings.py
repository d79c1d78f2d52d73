import pytest

from exchange.formats.markings import traffic_light


@pytest.mark.parametrize(
    ("marking", "light"),
    [
        ("TLP:AMBER", "amber"),
        ("tlp: red", "red"),
        ("TLP-GREEN // for the desk", "green"),
        ("TLP:AMBER+STRICT", "amber+strict"),
        ("TLP:WHITE", "clear"),
        ("TLP:CLEAR", "clear"),
        ("TLP:AMBER TLP:RED", ""),
        ("TLP:PURPLE", ""),
        ("TLP:REDACTED", ""),
        ("SECRET", ""),
        ("", ""),
    ],
)
def test_a_traffic_light_is_read_where_a_marking_names_one(marking, light):
    assert traffic_light(marking) == light

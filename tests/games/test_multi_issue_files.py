"""GENIUS XML and YAML: the published tobacco domain, and files that must be refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from games.errors import InvalidGameError
from games.multi_issue.domain import Negotiation
from games.multi_issue.genius_xml import read_genius_domain, read_genius_profile
from games.multi_issue.packages import solve_packages
from games.multi_issue.yaml_domain import read_yaml_domain, read_yaml_profile

DATA = Path(__file__).parent / "data"


def tobacco():
    domain = read_genius_domain(DATA / "tobacco_domain.xml")
    profiles = tuple(
        read_genius_profile(DATA / f"tobacco_{name}.xml", domain)
        for name in ("england", "zimbabwe")
    )
    return Negotiation(domain, profiles)


def test_tobacco_domain():
    # Published GENIUS domain: 576 packages, 25 of them efficient.
    negotiation = tobacco()
    found = solve_packages(negotiation)
    assert negotiation.domain.n_packages == 576
    assert found.frontier.n_packages == 25
    nash = found.nash_bargaining
    assert nash.utilities == pytest.approx([0.9109, 0.7332], abs=1e-4)
    assert nash.utilities.prod() == pytest.approx(0.667900, abs=1e-6)
    assert list(negotiation.domain.package(nash.package).values()) == [
        "$10 billion",
        "Reduction equal to fund size",
        "Zimbabwe will increase tariffs on imports",
        "England will increase imports",
        "Creation of committee to discuss creation of fund",
    ]
    assert found.utilitarian.package == nash.package
    assert found.kalai_smorodinsky.package == found.egalitarian.package
    assert found.egalitarian.utilities == pytest.approx([0.8223, 0.7866], abs=1e-4)
    assert list(negotiation.domain.package(found.egalitarian.package).values())[-1] == (
        "Creation of fund"
    )


def test_evaluations_are_divided_by_the_largest():
    # Each issue's best option is worth its whole weight, and the weights sum to 1.
    table = tobacco().utilities(np.arange(576))
    assert table.max(axis=0) == pytest.approx([1.0, 1.0], abs=1e-12)


DOMAIN = """<negotiation_template><utility_space number_of_issues="2">
<objective index="0" name="any">
<issue index="1" name="colour" type="discrete"><item index="1" value="red"/>
<item index="2" value="blue"/></issue>
<issue index="2" name="size" type="integer" lowerbound="2" upperbound="4"/>
</objective></utility_space></negotiation_template>"""
PROFILE = """<utility_space><reservation value="0.25"/><discount_factor value="0.5"/>
<objective index="0" name="any">
<issue index="1" name="colour" type="discrete"><item index="1" value="red" evaluation="4"/>
<item index="2" value="blue" evaluation="8"/></issue>
<issue index="2" name="size" type="integer" lowerbound="2" upperbound="4">
<evaluator ftype="linear" offset="0.5" slope="0.25"/></issue>
<weight index="1" value="0.5"/><weight index="2" value="0.5"/>
</objective></utility_space>"""


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_reservation_discount_and_integer_issues(tmp_path):
    domain = read_genius_domain(write(tmp_path, "d.xml", DOMAIN))
    profile = read_genius_profile(write(tmp_path, "p.xml", PROFILE), domain)
    assert domain.issues[1].options == ("2", "3", "4")
    assert (profile.player, profile.reservation, profile.discount) == ("p", 0.25, 0.5)
    negotiation = Negotiation(domain, (profile,))
    expected = [0.5, 0.625, 0.75, 0.75, 0.875, 1.0]
    assert negotiation.utilities(np.arange(6))[:, 0] == pytest.approx(expected)
    later = negotiation.at_time(2.0)
    assert later.reservations[0] == pytest.approx(0.0625)
    assert later.utilities([5])[0, 0] == pytest.approx(0.25)


def test_integer_evaluators_are_cut_off_at_0_and_1(tmp_path):
    # As GENIUS does (class EvaluatorInteger): -0.25, 0.5, 1.25 count as 0, 0.5, 1.
    domain = read_genius_domain(write(tmp_path, "d.xml", DOMAIN))
    text = PROFILE.replace('offset="0.5" slope="0.25"', 'offset="-0.25" slope="0.75"')
    profile = read_genius_profile(write(tmp_path, "p.xml", text), domain)
    assert profile.utility.contributions[1] == pytest.approx([0, 0.25, 0.5])


def test_large_files_are_read_in_time_that_grows_with_them(tmp_path):
    n = 60_000
    names = [f"o{k}" for k in range(n)]
    path = write(tmp_path, "d.json", json.dumps({"issues": {"i": names}}))
    profile = {"weights": {"i": 1}, "evaluations": {"i": dict.fromkeys(names, 1)}}
    domain = read_yaml_domain(path)
    found = read_yaml_profile(write(tmp_path, "p.json", json.dumps(profile)), domain)
    assert found.utility.contributions[0].size == n
    path = write(tmp_path, "w.json", json.dumps({"issues": {name: ["x"] for name in names}}))
    assert len(read_yaml_domain(path).issues) == n


BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;">]>
<utility_space>&c;</utility_space>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<utility_space>&x;</utility_space>"""
EXTERNAL_DTD = """<?xml version="1.0"?><!DOCTYPE b SYSTEM "http://127.0.0.1:9/none.dtd">
<utility_space/>"""
PARAMETER = """<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><utility_space/>"""


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, PARAMETER])
def test_entities_are_refused(tmp_path, text):
    path = write(tmp_path, "evil.xml", text)
    with pytest.raises(InvalidGameError, match=r"evil\.xml: entities and external references"):
        read_genius_domain(path)


def test_external_dtd_is_never_loaded(tmp_path):
    with pytest.raises(InvalidGameError, match=r"evil\.xml"):
        read_genius_domain(write(tmp_path, "evil.xml", EXTERNAL_DTD))


def test_declared_encodings_are_honoured(tmp_path):
    path = tmp_path / "d.xml"
    path.write_bytes(
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + DOMAIN.replace("red", "doré")).encode(
            "latin-1"
        )
    )
    assert read_genius_domain(path).issues[0].options[0] == "doré"
    write(tmp_path, "d.xml", '<?xml version="1.0" encoding="klingon"?>' + DOMAIN)
    with pytest.raises(InvalidGameError, match=r"d\.xml: declares an unknown encoding: klingon"):
        read_genius_domain(path)


def test_weighted_objectives_inside_others_are_refused(tmp_path):
    domain = read_genius_domain(write(tmp_path, "d.xml", DOMAIN))
    nested = PROFILE.replace('<issue index="1"', '<objective index="3"><issue index="1"', 1)
    nested = nested.replace("</issue>", "</issue></objective>", 1)
    for weight, is_fine in (("1.0", True), ("0.5", False)):
        text = nested.replace("<weight ", f'<weight index="3" value="{weight}"/><weight ', 1)
        path = write(tmp_path, "p.xml", text)
        if is_fine:
            assert read_genius_profile(path, domain).reservation == 0.25
        else:
            with pytest.raises(InvalidGameError, match=r"p\.xml:3: <objective>: .*weight 0\.5"):
                read_genius_profile(path, domain)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name="colour"', 'name="color"', r"p\.xml:3: <issue>: .*did you mean colour"),
        ('value="blue" evaluation="8"', 'value="green" evaluation="8"', "'green'"),
        ('<item index="2" value="blue" evaluation="8"/>', "", "lacks option 'blue'"),
        ('<weight index="2" value="0.5"/>', "", "no <weight"),
        ('evaluation="8"', 'evaluation="many"', r"p\.xml:4: <item>: .*'many'"),
        ('evaluation="8"', 'evaluation="-8"', "from 0 up"),
        (' evaluation="8"', "", "lacks attribute 'evaluation'"),
        ('<discount_factor value="0.5"/>', '<discount_factor value="1.5"/>', "discount"),
        ("</objective>", "", r"p\.xml:\d+:\d+: is not well-formed"),
        ('weight index="1" value="0.5"', 'weight index="1" value="nan"', "<weight>.*nan"),
    ],
)
def test_bad_profiles_name_the_place(tmp_path, old, new, message):
    domain = read_genius_domain(write(tmp_path, "d.xml", DOMAIN))
    assert old in PROFILE
    with pytest.raises(InvalidGameError, match=message):
        read_genius_profile(write(tmp_path, "p.xml", PROFILE.replace(old, new)), domain)


def test_profile_lacking_an_issue(tmp_path):
    domain = read_genius_domain(DATA / "tobacco_domain.xml")
    text = (DATA / "tobacco_england.xml").read_text(encoding="utf-8")
    start = text.index('    <issue index="5"')
    end = text.index("    <weight")
    path = write(tmp_path, "short.xml", text[:start] + text[end:])
    with pytest.raises(InvalidGameError, match=r"short\.xml:\d+: .*'Forum on Other Health"):
        read_genius_profile(path, domain)


def test_missing_file_and_wrong_file(tmp_path):
    with pytest.raises(InvalidGameError, match=r"none\.xml: cannot be read"):
        read_genius_domain(tmp_path / "none.xml")
    with pytest.raises(InvalidGameError, match="no <issue>"):
        read_genius_domain(write(tmp_path, "d.xml", "<html/>"))
    with pytest.raises(InvalidGameError, match="deeper"):
        read_genius_domain(write(tmp_path, "d.xml", "<a>" * 200 + "</a>" * 200))
    (tmp_path / "binary.xml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidGameError, match="not well-formed XML"):
        read_genius_domain(tmp_path / "binary.xml")


YAML_DOMAIN = """name: Fisheries
issues:
  Quota: [low, high]
  Patrols: [joint, NO]
"""
YAML_PROFILE = """player: North
reservation: 0.2
weights: {Quota: 0.75, Patrols: 0.25}
evaluations:
  Quota: {low: 2, high: 10}
  Patrols: {joint: 5, NO: 1}
"""


def test_yaml_domain_and_profiles(tmp_path):
    domain = read_yaml_domain(write(tmp_path, "d.yaml", YAML_DOMAIN))
    profile = read_yaml_profile(write(tmp_path, "n.yaml", YAML_PROFILE), domain)
    table = {"player": "South", "table": [1, 2, 3, 4]}
    other = read_yaml_profile(write(tmp_path, "s.json", json.dumps(table)), domain)
    negotiation = Negotiation(domain, (profile, other))
    assert domain.package(3) == {"Quota": "high", "Patrols": "NO"}
    assert negotiation.players == ("North", "South")
    expected = [[0.4, 1], [0.2, 2], [1.0, 3], [0.8, 4]]
    assert negotiation.utilities(np.arange(4)) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  Patrols: {joint: 5, NO: 1}\n", "", r"p\.yaml:4:1: evaluations: lacks issue 'Patrols'"),
        ("joint: 5", "jiont: 5", r"p\.yaml:6:13: .*did you mean joint"),
        ("high: 10", "high: ten", r"p\.yaml:5:19: evaluations\.Quota\.high: .*'ten'"),
        ("reservation: 0.2", "reserve: 0.2", r"p\.yaml:2:1: .*did you mean reservation"),
        ("reservation: 0.2", "reservation: .nan", "finite"),
        ("reservation: 0.2", "discount: 3", "discount"),
        ("Patrols: 0.25}", "}", "weights: lacks issue 'Patrols'"),
        ("player: North", "player: North\nplayer: South", r"p\.yaml:2:1: .*duplicate"),
        ("player: North", "player: [", r"p\.yaml:\d+:\d+: is not YAML"),
        ("player: North", "player: &a x\ntable: *a", r"aliases"),
    ],
)
def test_bad_yaml_names_the_place(tmp_path, old, new, message):
    domain = read_yaml_domain(write(tmp_path, "d.yaml", YAML_DOMAIN))
    assert old in YAML_PROFILE
    with pytest.raises(InvalidGameError, match=message):
        read_yaml_profile(write(tmp_path, "p.yaml", YAML_PROFILE.replace(old, new)), domain)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("weights: {1: 1, '1': 5}\nevaluations: {1: {7: 3}}", r"weights\.1"),
        ("weights: {1: 1}\nevaluations: {1: {7: 3}, '1': {7: 5}}", r"evaluations\.1"),
        ("weights: {1: 1}\nevaluations: {1: {7: 3, '7': 9}}", r"evaluations\.1\.7"),
    ],
)
def test_one_name_as_text_and_as_number_is_refused(tmp_path, text, place):
    domain = read_yaml_domain(write(tmp_path, "d.yaml", "issues: {1: [7]}"))
    with pytest.raises(InvalidGameError, match=f"{place}: is given twice"):
        read_yaml_profile(write(tmp_path, "p.yaml", text), domain)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("d.json", '{"issues": {"a": ["x"], "a": ["y"]}}', "'a' is given twice"),
        ("d.json", '{"issues": ', r"d\.json:1:12: is not JSON"),
        ("d.json", "[" * 100_000, "nested too deeply"),
        ("d.yaml", "[" * 500, "nested too deeply"),
        ("d.yaml", "[" * 500 + "*a", "nested too deeply"),
        ("d.yaml", "issues: {a: []}", "no options"),
        ("d.yaml", "issues: {a: x}", "list of options"),
        ("d.yaml", "- 1", "mapping"),
        ("d.yaml", "name: x", "lacks issues"),
        ("d.yaml", "issues: {a: [x, x]}", "twice"),
        ("d.yaml", "issues: {a: [!!python/name:os.system x]}", "YAML"),
    ],
)
def test_bad_domains(tmp_path, name, text, message):
    with pytest.raises(InvalidGameError, match=message):
        read_yaml_domain(write(tmp_path, name, text))

"""Conflict files, options and preferences in words."""

import copy
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.graph_model.conflict_file import read_conflict
from games.graph_model.equilibria import stability_table
from games.graph_model.options import feasible_patterns, option_moves, pattern_rows
from games.graph_model.preference_statements import statement_payoffs, statement_truth
from games.graph_model.rankings import comparison_payoffs, ranking_payoffs

ELMIRA = Path(__file__).parent / "data" / "elmira.json"


def write(folder, data, name="c.json"):
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def elmira_data():
    return json.loads(ELMIRA.read_text(encoding="utf-8"))


def changed(**keys):
    data = elmira_data()
    for key, value in keys.items():
        if value is None:
            del data[key]
        else:
            data[key] = value
    return data


def same(first, second):
    assert (first.moves == second.moves).all()
    assert (first.prefers == second.prefers).all()


REVERSIBILITY = {
    "Modify": "irreversible",
    "Delay": "Y->N",
    "Accept": True,
    "Abandon": False,
    "Insist": "reversible",
}


def test_elmira_moves_follow_from_reversibility(tmp_path):
    data = changed(moves=None)
    data["reversibility"] = REVERSIBILITY
    same(read_conflict(write(tmp_path, data)).conflict, read_conflict(ELMIRA).conflict)


def test_elmira_states_follow_from_infeasible_patterns(tmp_path):
    # Uniroyal does exactly one of its three options.
    data = changed(states=None, moves=None, status_quo=None)
    rules = ["-YY--", "-Y-Y-", "--YY-", "-NNN-"]
    data.update(infeasible=rules, reversibility=REVERSIBILITY)
    for name, ranking in data["preferences"].items():
        labels = elmira_data()["states"]
        data["preferences"][name] = [
            [labels[s - 1] for s in entry] if isinstance(entry, list) else labels[entry - 1]
            for entry in ranking
        ]
    found = read_conflict(write(tmp_path, data))
    assert list(found.conflict.states) == elmira_data()["states"]
    assert found.references == tuple(found.conflict.states)
    same(found.conflict, read_conflict(ELMIRA).conflict)


def test_ministry_by_statements(tmp_path):
    # The ranking of the Ministry in words: no abandoning, acceptance, no modification, and
    # insistence exactly when nothing is modified, as long as the plant stays.
    data = elmira_data()
    data["preferences"]["Ministry"] = {
        "statements": ["-Abandon", "3", "-1 & -4", "(5 iff -Modify) & -4"]
    }
    same(read_conflict(write(tmp_path, data)).conflict, read_conflict(ELMIRA).conflict)


def test_yaml_with_numbered_states(tmp_path):
    text = """
decision_makers: [row, column]
states: 4
moves:
  row: [[1, 3], [3, 1], [2, 4], [4, 2]]
  column: {1: 2, 2: 1, 3: 4, 4: [3]}
preferences:
  row: [3, 1, 4, 2]
  column: {better: [[2, 1], [1, 4], [4, 3]]}
"""
    found = read_conflict(write(tmp_path, text, "pd.yaml"))
    table = stability_table(found.conflict)
    assert [found.references[s] for s in table.equilibria("seq")] == [1, 4]
    assert [found.references[s] for s in table.equilibria("nash")] == [4]


def test_labels_numbers_and_mappings_as_references(tmp_path):
    base = {
        "decision_makers": [{"name": "a", "options": ["x"]}, {"name": "b", "options": ["y"]}],
        "preferences": {"a": ["YN", "NN", "YY", "NY"], "b": ["NY", "NN", "YY", "YN"]},
        "states": ["NN", "NY", "YN", "YY"],
    }
    found = read_conflict(write(tmp_path, base))
    assert found.references == ("NN", "NY", "YN", "YY")
    assert stability_table(found.conflict).equilibria("nash") == (3,)
    by_number = copy.deepcopy(base)
    by_number["states"] = {"10": "NN", "20": "NY", "30": "YN", "40": "YY"}
    by_number["preferences"] = {"a": [30, 10, 40, 20], "b": ["20", "10", 40, 30]}
    found = read_conflict(write(tmp_path, by_number))
    assert found.references == (10, 20, 30, 40)
    assert stability_table(found.conflict).equilibria("nash") == (3,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"preferences": {"Ministry": [9, 3, 9]}},
            r"c\.json:1:\d+: preferences\.Ministry: .*state NNYNY twice.*cycle",
        ),
        ({"preferences": {"Ministry": [1, 2]}}, "leaves out state NNYNN"),
        ({"preferences": {"Minister": [1]}}, "unknown decision maker 'Minister'; did you mean"),
        ({"preferences": {"Ministry": [13]}}, r"preferences\.Ministry\.0: unknown state 13"),
        ({"preferences": {"Ministry": [[]]}}, "empty tie"),
        ({"preferences": {"Ministry": {"better": [[1, 2], [2, 3], [3, 1]]}}}, "preference cycle"),
        ({"preferences": {"Ministry": {"better": [[1, 2]]}}}, "leave open which of"),
        ({"preferences": {"Ministry": {"statements": ["9"]}}}, "no option 9"),
        ({"preferences": {}}, "lacks decision maker 'Ministry'"),
        ({"preferences": None}, "lacks preferences"),
        ({"moves": {"Ministry": {"1": 99}}}, r"moves\.Ministry\.1: unknown state 99"),
        ({"moves": {"Ministry": {"1": 1}}}, "leads to itself"),
        ({"moves": {"Nobody": {"1": 2}}}, "unknown decision maker 'Nobody'"),
        ({"reversibility": {"Modify": True}}, "no meaning beside moves"),
        ({"moves": None, "reversibility": {"Modified": True}}, "did you mean Modify"),
        ({"moves": None, "reversibility": {"Modify": "maybe"}}, "'maybe'"),
        ({"states": ["NYNNN", "NYNNN"]}, r"states\.1: must be a label of its own"),
        ({"states": ["NYNNN", "NYN"]}, r"states\.1: state 'NYN': .*each of the 5 options"),
        ({"states": {"a": "NYNNN", "b": "NYN"}}, r"states\.b: state 'NYN': .*5 options"),
        ({"states": {}}, "is empty"),
        ({"states": [f"s{k}" for k in range(3001)]}, "at most 3000"),
        ({"preferences": {"Ministry": ["²"]}}, "unknown state '²'"),
        ({"preferences": {"Ministry": ["1" * 5000]}}, "unknown state '11"),
        ({"preferences": {"Ministry": {"statements": ["1"] * 1001}}}, "at most 1000"),
        ({"coalitions": [[]]}, r"coalitions\.0: is empty"),
        ({"coalitions": [["Ministry"], ["Uniroyal", "Ministry"]]}, r"coalitions\.1: 'Ministry'"),
        ({"name": ["a"]}, r"name: must be a name"),
        ({"decision_makers": [{"name": "a", "options": ["x", "x"]}]}, "'x' is given twice"),
        ({"states": 0}, "must be 1 to"),
        ({"states": []}, "is empty"),
        ({"states": None, "infeasible": ["Y"]}, "each of the 5 options"),
        ({"states": None, "infeasible": ["-----"]}, "every state"),
        ({"decision_makers": []}, "is empty"),
        ({"decision_makers": ["a", "a"]}, "name of its own"),
        ({"coalitions": [["Ministry", "X"]]}, "unknown decision maker 'X'"),
        ({"status_quo": "none"}, "unknown state 'none'"),
        ({"prefs": {}}, "unknown key; .*did you mean preferences"),
    ],
)
def test_mistakes_name_the_place(tmp_path, change, message):
    with pytest.raises(InvalidGameError, match=message):
        read_conflict(write(tmp_path, changed(**change)))


def test_lists_in_the_order_of_the_decision_makers(tmp_path):
    elmira = changed()
    names = [entry["name"] for entry in elmira["decision_makers"]]
    elmira["decision_makers"] = {e["name"]: e["options"] for e in elmira["decision_makers"]}
    for key in ("moves", "preferences"):
        elmira[key] = [elmira[key][name] for name in names]
    named, listed = (read_conflict(write(tmp_path, x)).conflict for x in (changed(), elmira))
    assert (named.moves == listed.moves).all()
    assert (named.prefers == listed.prefers).all()
    elmira["moves"].pop()
    with pytest.raises(InvalidGameError, match="moves: has 2 entries for 3 decision makers"):
        read_conflict(write(tmp_path, elmira))


def test_numbers_too_long_to_print_are_refused(tmp_path):
    text = "decision_makers: [a]\nstates: [0x" + "f" * 5000 + "]\npreferences: {}\n"
    with pytest.raises(InvalidGameError, match=r"c\.yaml: holds a number of too many digits"):
        read_conflict(write(tmp_path, text, "c.yaml"))


def test_labels_that_look_like_numbers_stay_apart(tmp_path):
    # "01", a superscript and an Arabic digit are labels; only 1 is the number 1.
    labels = ["01", "1", "²", "١", "9" * 5000]
    data = {
        "decision_makers": ["a"],
        "states": labels,
        "moves": {"a": {"01": ["1", "²"]}},
        "preferences": {"a": labels},
    }
    found = read_conflict(write(tmp_path, data))
    assert found.references == ("01", 1, "²", "١", "9" * 5000)
    assert found.conflict.moves[0, 0].tolist() == [False, True, True, False, False]


@pytest.mark.parametrize("key", ["moves", "preferences"])
def test_one_name_as_text_and_as_number_is_refused(tmp_path, key):
    given = {"moves": "{}", "preferences": "{'1': [1, 2]}"}
    given[key] = "{1: [], '1': []}"
    text = f"decision_makers: ['1']\nstates: 2\nmoves: {given['moves']}\n"
    text += f"preferences: {given['preferences']}\n"
    with pytest.raises(InvalidGameError, match=rf"{key}\.1: is given twice"):
        read_conflict(write(tmp_path, text, "c.yaml"))


def test_too_many_decision_makers_for_the_states(tmp_path):
    data = {"decision_makers": [f"d{k}" for k in range(1000)], "states": 3000, "preferences": {}}
    with pytest.raises(
        TooLargeError, match=r"c\.json.*: states: 1000 decision makers; at most 22"
    ):
        read_conflict(write(tmp_path, data))


def test_infeasible_patterns_of_twenty_options():
    # All but the states without the last 18 options.
    rules = ["-" * k + "Y" + "-" * (19 - k) for k in range(2, 20)]
    kept = feasible_patterns(20, rules * 10)
    assert kept == tuple(p + "N" * 18 for p in ("NN", "YN", "NY", "YY"))


def test_many_equal_pairs():
    labels = [str(k) for k in range(3000)]
    equal = [(0, k % 3000) for k in range(1, 60_000) if k % 3000]
    assert set(comparison_payoffs([], equal, labels)) == {1.0}
    chain = [(k, k + 1) for k in range(2999) if k != 1500]
    assert np.unique(comparison_payoffs([(3, 2000)], chain, labels)).tolist() == [1.0, 2.0]


def test_yaml_mistake_has_line_and_column(tmp_path):
    text = "decision_makers: [a]\nstates: 2\nmoves: {}\npreferences:\n  a: [1, 2, 1]\n"
    with pytest.raises(InvalidGameError, match=r"c\.yaml:5:3: preferences\.a: .*cycle"):
        read_conflict(write(tmp_path, text, "c.yaml"))


def test_ranking_and_comparisons_agree():
    labels = ["a", "b", "c", "d"]
    ranking = ranking_payoffs([[2], [0, 3], [1]], labels)
    compared = comparison_payoffs([(2, 0), (3, 1)], [(0, 3)], labels)
    assert np.argsort(ranking).tolist() == np.argsort(compared).tolist()
    assert ranking[0] == ranking[3]
    assert compared[0] == compared[3]
    with pytest.raises(InvalidGameError, match="a over b, b over c, c over a"):
        comparison_payoffs([(0, 1), (1, 2), (2, 0)], [], labels[:3])
    with pytest.raises(InvalidGameError, match="cycle"):
        comparison_payoffs([(0, 1)], [(0, 1)], labels[:2])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_any_cycle_is_found(seed, size):
    rng = np.random.default_rng(seed)
    order = rng.permutation(8)
    pairs = [(int(order[i]), int(order[i + 1])) for i in range(7)]
    labels = [str(k) for k in range(8)]
    payoffs = comparison_payoffs(pairs, [], labels)
    assert np.argsort(-payoffs).tolist() == order.tolist()
    start = int(rng.integers(0, 8 - size))
    pairs.append((int(order[start + size]), int(order[start])))
    with pytest.raises(InvalidGameError, match="preference cycle"):
        comparison_payoffs(pairs, [], labels)


PATTERNS = np.array(list(product([False, True], repeat=3)))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1", lambda a, b, c: a),
        ("-1 & 2", lambda a, b, c: not a and b),
        ("not (war or talk)", lambda a, b, c: not (a or b)),
        ("1 | 2 & 3", lambda a, b, c: a or (b and c)),
        ("2 if 3", lambda a, b, c: b or not c),
        ("1 iff -3", lambda a, b, c: a == (not c)),
        ("--1", lambda a, b, c: a),
        ('"ask help" AND ~war', lambda a, b, c: c and not a),
    ],
)
def test_statements_mean_what_they_say(text, meaning):
    truth = statement_truth(text, ["war", "talk", "ask help"], PATTERNS)
    assert truth.tolist() == [meaning(*row) for row in PATTERNS.tolist()]


def test_earlier_statements_outweigh_all_later_ones():
    payoffs = statement_payoffs(["1", "2", "3"], ["a", "b", "c"], PATTERNS)
    weights = PATTERNS @ [4, 2, 1]
    assert np.argsort(payoffs).tolist() == np.argsort(weights).tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "missing before"),
        ("1 &", "missing before"),
        ("(1", "not closed"),
        ("1 2", "unexpected"),
        ("4", "no option 4"),
        ("peace", "no option is called 'peace'"),
        ("1 $ 2", "cannot read"),
        ("(" * 100 + "1" + ")" * 100, "nested deeper"),
        ("1 &" * 1000 + "1", "longer than"),
    ],
)
def test_bad_statements(text, message):
    with pytest.raises(InvalidGameError, match=message):
        statement_truth(text, ["war", "talk", "ask help"], PATTERNS)


def test_options_one_by_one():
    patterns = pattern_rows(["NN", "YN", "NY", "YY"], 2)
    moves = option_moves(patterns, [0, 1], ["N->Y", "both"], 2)
    assert np.argwhere(moves[0]).tolist() == [[0, 1], [2, 3]]
    assert np.argwhere(moves[1]).tolist() == [[0, 2], [1, 3], [2, 0], [3, 1]]
    assert len(feasible_patterns(4, [])) == 16
    with pytest.raises(TooLargeError):
        feasible_patterns(12, [])
    with pytest.raises(TooLargeError):
        feasible_patterns(21, [])

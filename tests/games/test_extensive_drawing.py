from xml.etree import ElementTree

import pytest
from extensive_examples import centipede, chain_store, kuhn_poker, selten_horse

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.behavior import pure_behavior
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.drawing import tree_svg, tree_text

SVG = "{http://www.w3.org/2000/svg}"


def test_svg_has_every_node_branch_and_information_set():
    game = kuhn_poker()
    root = ElementTree.fromstring(tree_svg(game))
    moves = [k for k, node in enumerate(game.nodes) if node.information_set >= 0]
    assert len(root.findall(f"{SVG}circle")) == len(moves)
    assert len(root.findall(f"{SVG}line")) == len(game.nodes) - 1
    assert len(root.findall(f"{SVG}path")) == 12  # twelve sets of two nodes
    words = [t.text for t in root.iter(f"{SVG}text")]
    assert "KJ [1/6]" in words
    assert "(-2, 2)" in words


def test_svg_draws_what_is_played_thick():
    game = chain_store()
    root = ElementTree.fromstring(tree_svg(game, pure_behavior(game, (1, 0))))
    thick = [line for line in root.findall(f"{SVG}line") if line.get("stroke-width") == "3"]
    assert len(thick) == 2
    assert "in [1]" in [t.text for t in root.iter(f"{SVG}text")]


def test_everything_drawn_lies_inside_the_image():
    for game in (kuhn_poker(), selten_horse(), centipede(10)):
        root = ElementTree.fromstring(tree_svg(game))
        width, height = float(root.get("width")), float(root.get("height"))
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x")) <= width
            assert 0 <= float(text.get("y")) <= height


def test_labels_are_escaped():
    tree = TreeBuilder(["<A&B>"], title='"<x>"')
    for end in tree.move(0, "<A&B>", ["<script>", "&"]):
        tree.end(end, [0])
    svg = tree_svg(tree.build())
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


def test_text_marks_the_branches_taken():
    game = chain_store()
    text = tree_text(game, pure_behavior(game, (1, 0)))
    assert text.splitlines() == [
        "entrant {1}",
        "├─ out [0] → (1, 5)",
        "└─ in [1]* → incumbent {1}",
        "   ├─ yield [1]* → (2, 2)",
        "   └─ fight [0] → (0, 0)",
    ]


def test_deep_and_large_trees():
    assert len(tree_text(centipede(900)).splitlines()) == 1801
    with pytest.raises(TooLargeError, match="2,000"):
        tree_svg(centipede(1500))


def test_behavior_must_fit():
    with pytest.raises(InvalidGameError, match="behavior"):
        tree_svg(chain_store(), ())

"""Partitions of a set of players, as sorted tuples of bit masks.

The number of partitions of n players is the Bell number: 1, 2, 5, 15, 52, 203, 877, 4140,
21147, 115975 for n = 1 ... 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from games.coalitional.lattice import members

__all__ = ["Partition", "bell_number", "partitions", "sorted_partition"]

Partition = tuple[int, ...]
"""Disjoint coalitions as bit masks, ascending."""


def partitions(mask: int) -> Iterator[Partition]:
    """All partitions of the players in ``mask``; of nobody, the one without coalitions.

    Examples
    --------
    >>> list(partitions(0b101))
    [(5,), (1, 4)]
    """
    players = members(mask)
    if not players:
        yield ()
        return
    yield from (tuple(sorted(blocks)) for blocks in _grown([], players))


def _grown(blocks: list[int], players: Sequence[int]) -> Iterator[list[int]]:
    if not players:
        yield list(blocks)
        return
    bit, rest = 1 << players[0], players[1:]
    for k in range(len(blocks)):
        blocks[k] |= bit
        yield from _grown(blocks, rest)
        blocks[k] ^= bit
    blocks.append(bit)
    yield from _grown(blocks, rest)
    blocks.pop()


def sorted_partition(*coalitions: int) -> Partition:
    """Partition in its canonical order, without empty coalitions."""
    return tuple(sorted(c for c in coalitions if c))


def bell_number(n_players: int) -> int:
    """Number of partitions of ``n_players`` players.

    Examples
    --------
    >>> [bell_number(n) for n in range(1, 7)]
    [1, 2, 5, 15, 52, 203]
    """
    row = [1]
    for _ in range(n_players):
        following = [row[-1]]
        for entry in row:
            following.append(following[-1] + entry)
        row = following
    return row[0]

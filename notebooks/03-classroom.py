# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A tour of the theory library
#
# `games` knows nothing of treaties. Each section is an idea on which treaty questions rest, in a few
# lines that a class can change. Payoffs are textbook ones, for illustration.

# %%
import numpy as np
from IPython.display import SVG

from games.catalog import catalog_entry
from games.coalitional.core import core
from games.coalitional.nucleolus import nucleolus
from games.coalitional.shapley import exact_shapley_value
from games.coalitional.structures import bankruptcy_game
from games.coalitional.tu_game import TUGame
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.drawing import tree_svg
from games.extensive_form.sequential_equilibrium import sequential_equilibrium
from games.inspection.inspection_game import InspectionGame, announced_inspection
from games.learning.replicator import replicator_path
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.participation.linear_benefit import linear_benefit
from games.refinement_labels import refined
from games.repeated.critical_discount import limited_punishment_discount
from games.repeated.dilemma import Dilemma
from games.repeated.payoff_set_svg import payoff_set_svg
from games.repeated.subgame_perfect_payoffs import subgame_perfect_payoffs

# %% [markdown]
# ## 1. More than one equilibrium
#
# In the stag hunt trust pays best, but distrust is safer. Every equilibrium is listed with its regret,
# which certifies it, and with the refinements that it passes.

# %%
hunt = NormalFormGame.from_bimatrix(
    [[4, 0], [3, 2]], [[4, 3], [0, 2]], actions=[["stag", "hare"], ["stag", "hare"]]
)
found = refined(hunt, nash_equilibria(hunt))
for equilibrium in found.equilibria:
    shares = [np.round(s, 3).tolist() for s in equilibrium.strategies]
    print(shares, equilibrium.payoffs.round(3).tolist(), ", ".join(equilibrium.labels))
print("The list is complete:", found.is_complete)

# %% [markdown]
# Which one a population ends in depends on where it starts: the tipping share is 2/3 (replicator
# dynamics, Taylor and Jonker 1978).

# %%
for start in (0.66, 0.67):
    path = replicator_path([[4, 0], [3, 2]], [start, 1 - start], [0, 60])
    print(f"{start:.2f} hunt the stag at first, {path.shares[-1, 0]:.2f} in the end")

# %% [markdown]
# ## 2. Promises between those who meet again
#
# How patient must players be for a punishment of some periods to deter? Longer punishments need less
# patience, and for ever is not much better than three periods.

# %%
dilemma = Dilemma(temptation=5, reward=3, punishment=1, sucker=0)
for length in (2, 3, 5, np.inf):
    critical = limited_punishment_discount(dilemma, length)
    print(f"punish for {length} periods: discount factor at least {critical.value:.6f}")

# %% [markdown]
# All that can be sustained at a discount factor (Abreu and Sannikov 2014), drawn:

# %%
SVG(payoff_set_svg(subgame_perfect_payoffs(dilemma.game(), 0.55)))

# %% [markdown]
# ## 3. Who moves when, and who knows what
#
# In Selten's horse one Nash equilibrium rests on a threat nobody would carry out. The sequential one
# remains; thick branches are taken.

# %%
tree = TreeBuilder(["1", "2", "3"], title="Selten's horse")
C, D = tree.move(0, "1", ["C", "D"])
c, d = tree.move(C, "2", ["c", "d"])
tree.end(c, [1, 1, 1])
for node, left, right in [(D, [3, 3, 2], [0, 0, 0]), (d, [4, 4, 0], [0, 0, 1])]:
    L, R = tree.move(node, "3", ["L", "R"], information_set="3")
    tree.end(L, left)
    tree.end(R, right)
horse = tree.build()
sequential = sequential_equilibrium(horse)
print("Payoffs:", [round(float(u), 6) for u in sequential.payoffs])
SVG(tree_svg(horse, sequential.behavior))

# %% [markdown]
# ## 4. Inspections: the word of the inspector
#
# If inspections are not announced, raising the penalty lowers inspections and leaves violations as they
# are. An announced frequency deters, at a fifth of the loss (Avenhaus, von Stengel and Zamir 2002).

# %%
for penalty in (20, 40):
    game = InspectionGame(1, 10, 0.8, gain=4, penalty=penalty)
    i, v = game.deterring_inspection, game.tolerated_violation
    print(f"penalty {penalty}: inspect {i:.4f} of the time, violations {v:.4f} if not announced")
announced = announced_inspection(InspectionGame(1, 10, 0.8, gain=4, penalty=20))
print(f"announced: violations {announced.violation:g}, cost {-announced.inspector_payoff:g}")

# %% [markdown]
# ## 5. Sharing, and what coalitions may object
#
# The nucleolus of the bankruptcy game is the Talmud's division (Aumann and Maschler 1985); majority
# voting over a pie has no stable division at all, and the balanced collection proves it.

# %%
for estate in (100, 200, 300):
    division = nucleolus(bankruptcy_game(estate, [100, 200, 300]))
    print(estate, division.point.round(3).tolist())
print("Shapley at 200:", *map(str, exact_shapley_value(bankruptcy_game(200, [100, 200, 300]))))

majority = core(TUGame([0, 0, 0, 1, 0, 1, 1, 1]))
print("The core of majority voting is empty:", majority.is_empty)
print(majority.objection)

# %% [markdown]
# ## 6. How many sign
#
# With benefits linear in the number of signatories and a cost above the benefit, as many sign as make
# signing worth it together: the cost over the benefit, rounded up (Barrett 1994).

# %%
for cost in (2.5, 3.5, 6.2):
    print(f"cost {cost}: stable at {linear_benefit(10, 1, cost).effective_sizes()} of 10")

# %% [markdown]
# ## 7. Known games
#
# The catalog holds games as data, each with its source and what it teaches.

# %%
entry = catalog_entry("Selten's horse")
print(entry.name, "-", entry.source)
print(entry.teaches)

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
# # From the prisoner's dilemma to the sanction window
#
# Why a bigger stick is not always better, and why a solver must not be believed on its word.

# %%
import warnings

import nashpy
import numpy as np
import sympy

import negotiate
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame

# %% [markdown]
# ## 1. The dilemma
#
# A treaty file may hold payoffs typed in. Violating is worth more whatever the other does, so both
# violate, and both are worse off than if neither had.

# %%
dilemma = negotiate.read_treaty(
    {
        "title": "Prisoner's dilemma",
        "parties": {"Arland": {}, "Borland": {}},
        "payoffs": {"tables": {"Arland": [[3, 0], [5, 1]], "Borland": [[3, 5], [0, 1]]}},
    }
)
answer = negotiate.equilibria(negotiate.compile_treaty(dilemma))
print("\n".join(answer.sentences))
answer.table("equilibria")[["profile", "payoffs", "regret"]]

# %% [markdown]
# ## 2. A penalty, with evidence that errs
#
# Per period, with gain $g$, cost of complying $c$, club benefit $b$, sanction $s$, detection $p$,
# false alarm $q$ and a loss $x$ for those outside (Becker 1968, with participation):

# %%
g, c, b, s, p, q, x = sympy.symbols("g c b s p q x", positive=True)
comply = b - c - q * (s + b)
violate = b + g - p * (s + b)
stay_out = -x

# %% [markdown]
# Complying beats violating when the difference is not negative. It is linear in $s$, so the threshold
# is $-B/A$ with $A$ the slope and $B$ the rest; the slope is $p - q$, positive when the evidence is
# better than a coin.

# %%
compliance = sympy.expand(comply - violate)
slope = compliance.coeff(s, 1)
s_lo = sympy.simplify(-compliance.coeff(s, 0) / slope)
s_lo

# %% [markdown]
# Joining beats staying out as long as the risk of being punished without cause is not too dear. Here
# the slope is $-q$, so the threshold is an upper bound.

# %%
participation = sympy.expand(comply - stay_out)
s_hi = sympy.simplify(-participation.coeff(s, 0) / participation.coeff(s, 1))
s_hi

# %% [markdown]
# The window $[s_{lo}, s_{hi}]$ is open only while false alarms are rare enough:

# %%
q_star = sympy.factor(sympy.solve(sympy.Eq(s_lo, s_hi), q)[0])
q_star

# %% [markdown]
# negotiate derives the same from the treaty's ledger, without being told the model:


# %%
def window_treaty(false_alarm, exclusion_loss):
    return negotiate.read_treaty(
        {
            "title": "The sanction window",
            "parties": {"Arland": {}, "Borland": {}},
            "stakes": {"gain": 8, "cost": 2, "outside_option": -exclusion_loss},
            "clauses": [
                {"kind": "penalty", "sanction": 20},
                {"kind": "club_benefit", "benefit": 3},
                {"kind": "evidence", "detection": 0.5, "false_alarm": false_alarm},
            ],
        }
    )


for false_alarm, loss in [(0.05, 0), (0.05, 0.2), (0.03, 0)]:
    treaty = window_treaty(false_alarm, loss)
    row = negotiate.deterrence(negotiate.compile_treaty(treaty)).records["parties"][0]
    numbers = {g: 8, c: 2, b: 3, p: 0.5, q: false_alarm, x: loss}
    by_hand = (float(s_lo.subs(numbers)), float(s_hi.subs(numbers)))
    assert np.allclose(row["window"], by_hand)
    low, high = row["window"]
    state = "empty" if row["window_empty"] else "open"
    print(f"q = {false_alarm}, x = {loss}: [{low:.2f}, {high:.2f}], {state}")

# %% [markdown]
# In the first case no sanction works, however severe: buy better evidence, or give the members
# something to lose.

# %%
print(negotiate.analyze(window_treaty(0.05, 0)).sentences[1])

# %% [markdown]
# ## 3. All equilibria, and how a solver can lose them
#
# Two coordinated responses: each party either joins a sanction or leaves it to the other. Penalties
# are encoded as large payoffs, and that is where floating-point solvers slip. We make the same game
# with ever larger penalties: its best responses do not change, so neither does the number of
# equilibria, three.


# %%
def coordination(penalty):
    A = np.array([[3 - 0.1 * penalty, -1.0], [5 - 0.5 * penalty, 0.0]])
    return A, A.T


def count(solver):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(list(solver()))


print("penalty   support enumeration   vertex enumeration   negotiate")
for penalty in (10, 1e3, 1e6, 1e9, 1e12):
    A, B = coordination(penalty)
    game = nashpy.Game(A, B)
    ours = nash_equilibria(NormalFormGame.from_bimatrix(A, B))
    print(
        f"{penalty:7.0e}   {count(game.support_enumeration):19d}   "
        f"{count(game.vertex_enumeration):18d}   {len(ours.equilibria):9d}"
    )

# %% [markdown]
# Ordinary payoffs are no protection. Thirty random games of three actions each, payoffs from 0 to 999:

# %%
rng = np.random.default_rng(7)
missed = 0
for _ in range(30):
    A, B = rng.integers(0, 1000, (2, 3, 3)).astype(float)
    ours = nash_equilibria(NormalFormGame.from_bimatrix(A, B)).equilibria
    missed += count(nashpy.Game(A, B).support_enumeration) < len(ours)
print(f"support enumeration without a tolerance lost an equilibrium in {missed} of 30 games")

# %% [markdown]
# How do we know that ours are right? Each carries its *regret*: what the best deviation would gain.
# A list of profiles with regret zero cannot hold a wrong one; that none is missing is the business of
# the method, which works in exact integers whenever floating point might err.

# %%
for equilibrium in nash_equilibria(NormalFormGame.from_bimatrix(*coordination(1e9))).equilibria:
    print([s.round(10).tolist() for s in equilibrium.strategies], "regret", equilibrium.regret)

# %% [markdown]
# nashpy remains a fine teacher: its labelled polytopes, Lemke–Howson steps and learning dynamics show
# *how* equilibria come about. Just never pass its answer on alone.

# %%
A, B = coordination(10)
row, column = nashpy.Game(A, B).lemke_howson(initial_dropped_label=0)
print("Lemke–Howson from label 0:", row, column)

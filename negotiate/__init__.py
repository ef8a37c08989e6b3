"""negotiate: a game-theoretic analyzer of treaties, from a treaty file to a verdict.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from negotiate.analysis import Analysis, analyze
    from negotiate.answer import Answer, Verdict, figure, percent
    from negotiate.break_even import Span, span
    from negotiate.clauses.kinds import attribute_table
    from negotiate.closed_form import ClosedForm, closed_forms
    from negotiate.compiling import compile_treaty
    from negotiate.errors import (
        FormulaError,
        Mistake,
        ModelError,
        NegotiateError,
        PathError,
        TreatyError,
    )
    from negotiate.incentives import Incentives, incentives_at
    from negotiate.ledger import Ledger
    from negotiate.levers import number_levers
    from negotiate.paths import number_paths
    from negotiate.phase import PhaseMap, phase_map
    from negotiate.plots.charts import slack_chart, sweep_chart, waterfall_chart
    from negotiate.questions.deterrence import deterrence
    from negotiate.questions.equilibria import equilibria, treaty_game
    from negotiate.questions.tipping import tipping
    from negotiate.reading import (
        digest,
        edit_text,
        parse_treaty,
        read_treaty,
        variant,
        with_values,
    )
    from negotiate.readings.numbers import payoff_tensor
    from negotiate.readings.words import Step, waterfall
    from negotiate.scenarios import scenario_names, scenario_path
    from negotiate.schema import treaty_schema
    from negotiate.situation import Situation, build_ledger
    from negotiate.treaty import Treaty
    from negotiate.whatif.sweep import sweep

_HOMES = {
    "analysis": ("Analysis", "analyze"),
    "answer": ("Answer", "Verdict", "figure", "percent"),
    "break_even": ("Span", "span"),
    "clauses.kinds": ("attribute_table",),
    "closed_form": ("ClosedForm", "closed_forms"),
    "compiling": ("compile_treaty",),
    "errors": (
        "FormulaError",
        "Mistake",
        "ModelError",
        "NegotiateError",
        "PathError",
        "TreatyError",
    ),
    "incentives": ("Incentives", "incentives_at"),
    "ledger": ("Ledger",),
    "levers": ("number_levers",),
    "paths": ("number_paths",),
    "phase": ("PhaseMap", "phase_map"),
    "plots.charts": ("slack_chart", "sweep_chart", "waterfall_chart"),
    "questions.deterrence": ("deterrence",),
    "questions.equilibria": ("equilibria", "treaty_game"),
    "questions.tipping": ("tipping",),
    "reading": (
        "digest",
        "edit_text",
        "parse_treaty",
        "read_treaty",
        "variant",
        "with_values",
    ),
    "readings.numbers": ("payoff_tensor",),
    "readings.words": ("Step", "waterfall"),
    "scenarios": ("scenario_names", "scenario_path"),
    "schema": ("treaty_schema",),
    "situation": ("Situation", "build_ledger"),
    "treaty": ("Treaty",),
    "whatif.sweep": ("sweep",),
}
"""Module in which each public name lives."""

_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Analysis",
    "Answer",
    "ClosedForm",
    "FormulaError",
    "Incentives",
    "Ledger",
    "Mistake",
    "ModelError",
    "NegotiateError",
    "PathError",
    "PhaseMap",
    "Situation",
    "Span",
    "Step",
    "Treaty",
    "TreatyError",
    "Verdict",
    "analyze",
    "attribute_table",
    "build_ledger",
    "closed_forms",
    "compile_treaty",
    "deterrence",
    "digest",
    "edit_text",
    "equilibria",
    "figure",
    "incentives_at",
    "number_levers",
    "number_paths",
    "parse_treaty",
    "payoff_tensor",
    "percent",
    "phase_map",
    "read_treaty",
    "scenario_names",
    "scenario_path",
    "slack_chart",
    "span",
    "sweep",
    "sweep_chart",
    "tipping",
    "treaty_game",
    "treaty_schema",
    "variant",
    "waterfall",
    "waterfall_chart",
    "with_values",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'negotiate' has no attribute '{name}'")
    value = getattr(import_module(f"negotiate.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

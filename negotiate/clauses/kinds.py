"""The kinds of clause that a treaty may contain."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from negotiate.clauses.clause import AbstractClause, natural_range, quantity_fields
from negotiate.clauses.club_benefit import ClubBenefit
from negotiate.clauses.entry_into_force import EntryIntoForce
from negotiate.clauses.evidence import EvidenceStandard
from negotiate.clauses.formula_clause import FormulaClause
from negotiate.clauses.penalty import Penalty
from negotiate.clauses.trade_measure import TradeMeasure
from negotiate.clauses.transfer import Transfer

__all__ = ["KINDS", "Clause", "attribute_table"]

Clause: TypeAlias = Annotated[
    Penalty
    | ClubBenefit
    | EvidenceStandard
    | Transfer
    | TradeMeasure
    | EntryIntoForce
    | FormulaClause,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[AbstractClause]] = {
    kind.model_fields["kind"].default: kind
    for kind in (
        Penalty,
        ClubBenefit,
        EvidenceStandard,
        Transfer,
        TradeMeasure,
        EntryIntoForce,
        FormulaClause,
    )
}
"""Class of each kind of clause, in the order in which they are documented."""


def attribute_table(kind: str) -> list[dict[str, object]]:
    """Attributes of a kind of clause: name, symbol, unit, default, range, one sentence.

    Examples
    --------
    >>> [row["name"] for row in attribute_table("trade_measure")]
    ['tariff', 'member_share']
    """
    rows: list[dict[str, object]] = []
    model = KINDS[kind]
    quantities = quantity_fields(model)
    for name, info in model.model_fields.items():
        if name in AbstractClause.model_fields:
            continue
        extra = info.json_schema_extra if name in quantities else {}
        assert isinstance(extra, dict)
        default = info.get_default(call_default_factory=True) if not info.is_required() else "—"
        rows.append(
            {
                "name": info.alias or name,
                "symbol": extra.get("symbol", ""),
                "unit": extra.get("unit", ""),
                "default": getattr(default, "value", default),
                "range": natural_range(info) if name in quantities else None,
                "about": info.description or "",
            }
        )
    return rows

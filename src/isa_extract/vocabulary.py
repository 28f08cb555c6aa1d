"""The words a table may use: its columns, and the codes of its closed columns.

One place for all of them. They are the contract's (`docs/contract.md`), in the contract's order;
changing one is a decision of its own. Whatever reads, writes or scores a table takes them from here.
"""

from __future__ import annotations

from typing import Final

EVIDENCE_COLUMNS: Final = (
    "evidence_id",
    "doc_id",
    "trial_id",
    "trial_name",
    "phase",
    "population",
    "arm",
    "arm_drugs",
    "arm_role",
    "comparator",
    "comparator_drugs",
    "endpoint",
    "endpoint_term",
    "statistic",
    "value",
    "unit",
    "qualifier",
    "ci_low",
    "ci_high",
    "ci_level",
    "p_value",
    "n",
    "N",
    "timepoint",
    "followup",
    "subgroup",
    "stage",
    "threshold",
    "grade",
    "citations",
    "lang",
    "page",
    "bbox",
    "char_start",
    "char_end",
    "value_text",
    "sentence",
    "binding",
    "flags",
)

TRIAL_COLUMNS: Final = (
    "doc_id",
    "trial_id",
    "trial_name",
    "phase",
    "design",
    "population",
    "n_enrolled",
    "arms",
    "dose",
    "citations",
    "page",
)

GOLD_ONLY_COLUMNS: Final = ("expected_flag", "note")
"""What a gold table has beside the evidence columns."""

ENDPOINTS: Final = (
    "ORR",
    "CR",
    "sCR",
    "CR_OR_BETTER",
    "VGPR",
    "VGPR_OR_BETTER",
    "PR",
    "SD",
    "PD",
    "DCR",
    "CLINICAL_BENEFIT",
    "MRD_NEGATIVITY",
    "MRD_NEGATIVE_CR",
    "MRD_NEGATIVITY_SUSTAINED",
    "RENAL_RESPONSE_COMPLETE",
    "RENAL_RESPONSE",
    "PFS",
    "PFS2",
    "OS",
    "EFS",
    "DFS",
    "RFS",
    "LFS",
    "TTP",
    "DOR",
    "TTR",
    "TTNT",
    "NRM",
    "TRM",
    "RELAPSE",
    "DEATH",
    "AE",
    "SAE",
    "AE_DISCONTINUATION",
    "INFUSION_DURATION",
    "OTHER",
)

STATISTICS: Final = (
    "rate",
    "median",
    "mean",
    "count",
    "hazard_ratio",
    "odds_ratio",
    "risk_ratio",
    "risk_reduction",
    "risk_difference",
)

UNITS: Final = ("%", "month", "year", "week", "day", "hour")
"""The unit may also be empty."""

QUALIFIERS: Final = ("=", "<", "<=", ">", ">=", "~", "NR", "NE")
"""`NR` is not reached, `NE` not evaluable: both come with an empty value."""

ARM_ROLES: Final = ("experimental", "control", "single")

LANGUAGES: Final = ("zh", "en")

BINDINGS: Final = ("explicit", "order", "direction", "carried", "table", "single")

FLAGS: Final = (
    "percent-unreachable",
    "ci-excludes-value",
    "ci-p-disagree",
    "arm-not-in-trial",
    "n-over-N",
    "parts-over-whole",
    "read-by-ocr",
)

FLAGS_OF_READING: Final = ("read-by-ocr",)
"""Flags that tell how a row was read; the others tell that a paper's own figures disagree."""

UNSPELT = frozenset(("chemotherapy", "chemoradiotherapy", "radiotherapy", "endocrine therapy"))
"""Stand among an arm's drugs for what the paper does not spell out ('nivolumab plus chemotherapy')."""

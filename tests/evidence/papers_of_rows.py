"""Papers made of rows, as if they had been read."""

from __future__ import annotations

from hashlib import sha256

from isa_extract.evidence.facts import Evidence
from isa_extract.evidence.statements import Observation, Statements, Telling, ref_of
from isa_extract.evidence.store import Landing
from isa_extract.records import Arm, Study
from isa_extract.vocabulary import EVIDENCE_COLUMNS, TRIAL_COLUMNS

ISA_PD = Arm("Isa-Pd", ("dexamethasone", "isatuximab", "pomalidomide"), "experimental")
PD = Arm("Pd", ("dexamethasone", "pomalidomide"), "control")
ICARIA = Study("NCT02990338", "ICARIA-MM", "III", population="RRMM", arms=(ISA_PD, PD))


def row(arm: Arm | None = ISA_PD, study: Study = ICARIA, **cells: str) -> dict[str, str]:
    """A row of the evidence table: by default the median PFS of Isa-Pd."""
    made = dict.fromkeys(EVIDENCE_COLUMNS, "")
    made |= {"trial_id": study.trial_id, "trial_name": study.trial_name, "phase": study.phase}
    made |= {"population": study.population, "lang": "en", "page": "1", "qualifier": "="}
    made |= {"endpoint": "PFS", "statistic": "median", "unit": "month", "char_start": "0", "char_end": "4"}
    if arm is not None:
        made |= {"arm": arm.label, "arm_drugs": "+".join(arm.drugs), "arm_role": arm.role}
    made |= cells
    made.setdefault("sentence", "")
    made["sentence"] = made["sentence"] or f"{made['endpoint']} was {made['value']} {made['unit']}."
    return made


def telling(paper: str, study: Study = ICARIA) -> Telling:
    """A study as a paper tells of it."""
    cells = dict.fromkeys(TRIAL_COLUMNS, "") | {
        "doc_id": paper,
        "trial_id": study.trial_id,
        "trial_name": study.trial_name,
        "phase": study.phase,
        "population": study.population,
        "n_enrolled": study.n_enrolled,
        "arms": ";".join(arm.label for arm in study.arms),
    }
    return Telling(paper, ref_of(study), cells, study.arms)


def paper(
    name: str,
    *rows: dict[str, str],
    study: Study = ICARIA,
    version: str = "1",
    places: dict[int, str] | None = None,
    rules: str = "rules-1",
    more: tuple[tuple[Study, dict[str, str]], ...] = (),
) -> Landing:
    """A paper that says these rows of one study, and others of others."""
    digest = sha256(f"{name} {version}".encode()).hexdigest()
    told = [(study, one) for one in rows] + list(more)
    observations = []
    for i, (of, cells) in enumerate(told):
        start = int(cells["char_start"]) or 100 * i + 10
        placed = cells | {"doc_id": name, "char_start": str(start), "char_end": str(start + 4)}
        key = [
            digest,
            *(placed[c] for c in EVIDENCE_COLUMNS if c not in ("evidence_id", "value", "sentence", "page")),
        ]
        placed["evidence_id"] = sha256("\x1f".join(key).encode()).hexdigest()[:16]
        spot = (places or {}).get(i, "body")
        observations.append(Observation(name, digest, ref_of(of), spot, placed, rulebook=rules))
    tellings = {ref_of(of): telling(name, of) for of in (study, *(of for of, _ in more))}
    return Landing(
        name=name,
        source=f"/papers/{name}.pdf",
        sha256=digest,
        reading_key="reading-1",
        binding_key=rules,
        statements=Statements(tuple(tellings.values()), tuple(observations)),
    )


def evidence(*papers: Landing) -> Evidence:
    """What papers say together, with no store."""
    return Evidence(
        tuple(t for p in papers for t in p.statements.tellings),
        tuple(o for p in papers for o in p.statements.observations),
    )

"""Who takes part where the sentence says it plainly: in brackets, with a shared stem, added to what all get. All sentences are our own."""

import pytest

from isa_extract.binding.passages import passages
from isa_extract.binding.rosters import roster
from isa_extract.explain.account import paper_of
from isa_extract.finding.trials import acronyms


def arms(text: str) -> dict[str, str]:
    found = passages(paper_of(text))[0]
    return {a.label: "+".join(a.drugs) for a in roster(found).arms}


STORIES = {
    "two doses and another drug in brackets": (
        "Patients were assigned (1:1:1) to camrelizumab 200 mg every 2 weeks plus apatinib 250 mg daily (high-dose group), "
        "camrelizumab plus apatinib 125 mg daily (low-dose group), or lenvatinib 8 mg daily (lenvatinib group). Median overall "
        "survival was 20.1 months in the high-dose group, 17.2 months in the low-dose group and 14.0 months in the lenvatinib group.",
        {
            "high-dose": "apatinib+camrelizumab",
            "low-dose": "apatinib+camrelizumab",
            "lenvatinib": "lenvatinib",
        },
    ),
    "the last of three has no bracket": (
        "This phase 3 trial had three arms: apalutamide plus goserelin (combination), goserelin plus placebo (goserelin alone) and "
        "apalutamide monotherapy. Five-year survival was 87.3% for the combination, 71.4% for goserelin alone and 80.0% for monotherapy.",
        {
            "combination": "apalutamide+goserelin",
            "goserelin alone": "goserelin",
            "apalutamide monotherapy": "apalutamide",
        },
    ),
    "a stem told once": (
        "Patients were randomised to zanubrutinib combined with rituximab (RZ), with obinutuzumab (GZ) or with obinutuzumab and "
        "venetoclax (GVZ). PFS at 4 years was 70.1% for RZ, 81.8% for GZ and 85.5% for GVZ.",
        {
            "RZ": "rituximab+zanubrutinib",
            "GZ": "obinutuzumab+zanubrutinib",
            "GVZ": "obinutuzumab+venetoclax+zanubrutinib",
        },
    ),
    "added to what all get": (
        "A double-blind phase 3 trial gave bortezomib to 401 patients with relapsed myeloma and added panobinostat or placebo. Median "
        "PFS was 12.0 months with panobinostat and 8.1 months with placebo (HR 0.63).",
        {"panobinostat": "bortezomib+panobinostat", "placebo": "bortezomib"},
    ),
    "to this, that or placebo": (
        "This was a double-blind phase 3 trial. To paclitaxel the authors added ipatasertib or placebo. Median PFS was 7.4 months in "
        "the ipatasertib group and 6.1 months in the placebo group (HR 0.80, 0.66-0.98).",
        {"ipatasertib": "ipatasertib+paclitaxel", "placebo": "paclitaxel"},
    ),
    "one group had another drug as well": (
        "The trial enrolled 900 patients with gastric cancer. All had four cycles of oxaliplatin and capecitabine; the nivolumab group "
        "had nivolumab as well. At two years 59.8% of the comparison group and 67.8% of the nivolumab group were free of events.",
        {"nivolumab": "capecitabine+nivolumab+oxaliplatin", "comparison group": "capecitabine+oxaliplatin"},
    ),
    "a drug of the combination is not its control": (
        "Those assigned to disitamab vedotin and toripalimab lived for a median of 30.1 months, those assigned to chemotherapy "
        "(gemcitabine with cisplatin or carboplatin) for 16.0 months. Neuropathy stood at 3.6% in the disitamab vedotin arm.",
        {"disitamab vedotin and toripalimab": "disitamab vedotin+toripalimab", "chemotherapy": ""},
    ),
    "against chemotherapy without a name": (
        "This was a phase 3 trial. Of 530 patients, 42% responded to datopotamab deruxtecan and 17% to standard chemotherapy; median "
        "PFS was 7.0 v 4.9 months (HR 0.62).",
        {"datopotamab deruxtecan": "datopotamab deruxtecan", "standard chemotherapy": ""},
    ),
    "its recipients are no arm": (
        "The trial compared zanubrutinib, 160 mg twice daily, with ibrutinib, 420 mg once daily, in 652 patients. Ibrutinib was the "
        "worse tolerated. Atrial fibrillation occurred in 16.0% of its recipients as against 9.4% of those on zanubrutinib.",
        {"zanubrutinib": "zanubrutinib", "ibrutinib": "ibrutinib"},
    ),
    "what they had before is no arm": (
        "Sonrotoclax was given in this single-arm study to 85 patients exposed to ibrutinib. The response rate was 62.4% and fell to "
        "51.0% in the 40 who had also received idelalisib.",
        {"sonrotoclax": "sonrotoclax"},
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_arms(name: str) -> None:
    text, expected = STORIES[name]
    assert {k.lower(): v for k, v in arms(text).items()} == {k.lower(): v for k, v in expected.items()}


def test_brackets_with_one_regimen_twice_decide_nothing() -> None:
    told = arms(
        "Patients were assigned to everolimus plus exemestane (combination group) or everolimus plus exemestane (control group)."
    )
    assert set(told.values()) <= {"everolimus+exemestane", ""}


@pytest.mark.parametrize(
    "text",
    [
        "Neither leukemia-free survival (LFS; 56% v 53%) nor OS differed. In LFS, a gain of 10% was planned.",
        "The GVHD-free, relapse-free survival (GRFS) was 40%. In GRFS, the difference was small.",
        "Non-relapse mortality (NRM) was low. Results of NRM, in older patients, were worse.",
    ],
)
def test_what_is_measured_is_no_trial(text: str) -> None:
    assert acronyms([text], frozenset()) == ()


def test_a_trial_behind_words_for_a_disease_stays_a_trial() -> None:
    assert acronyms(["The trial in relapsed disease (ASCEND, NCT02970318) was stopped."], frozenset()) == (
        "ASCEND",
    )


def test_the_same_drug_alone_is_that_drug() -> None:
    """'the same' says of a drug that the other group gets it too, not that this group gets all that the other gets."""
    text = (
        "Patients were assigned to fruquintinib with capecitabine (combination group), or to the same capecitabine schedule alone "
        "(control group). Median OS was 12.4 months in the combination group and 9.3 months in the control group."
    )
    arms = {a.label: a.drugs for a in roster(passages(paper_of(text))[0]).arms}
    assert arms == {"combination group": ("capecitabine", "fruquintinib"), "control group": ("capecitabine",)}

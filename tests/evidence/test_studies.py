"""Who is who: registry ids, acronyms, descriptions, and what keeps studies apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from papers_of_rows import ICARIA, ISA_PD, PD, telling

from isa_extract.evidence.studies import Ruling, keys_of, who_is_who
from isa_extract.records import Arm, Study

ISA = Arm("Isa", ("isatuximab",), "single")


def together(*tellings, rulings=()):
    """The tellings' papers, by study."""
    found = {}
    for (name, _), study in who_is_who(tellings, rulings).items():
        found.setdefault(study.key, []).append(name)
    return sorted(sorted(papers) for papers in found.values())


def told(paper, trial_id="", trial_name="", **more):
    return telling(paper, Study(trial_id, trial_name, **more))


def test_one_registry_id_is_one_study_whatever_it_is_called():
    assert together(told("a", "NCT1", "ICARIA-MM"), told("b", "NCT1")) == [["a", "b"]]


def test_an_acronym_joins_a_paper_that_gives_no_id():
    assert together(told("a", "NCT1", "ICARIA-MM"), told("b", "", "icaria mm"), told("c", "", "ICARIA")) == [
        ["a", "b", "c"]
    ]


def test_a_third_paper_shows_that_two_names_are_one_study():
    apart = (told("a", "", "IKEMA"), told("b", "NCT03275285"))
    assert together(*apart) == [["a"], ["b"]]
    assert together(*apart, told("c", "NCT03275285", "IKEMA")) == [["a", "b", "c"]]


def test_one_acronym_with_two_ids_joins_nothing():
    assert together(told("a", "NCT1", "MAIA"), told("b", "NCT2", "MAIA"), told("c", "", "MAIA")) == [
        ["a"],
        ["b"],
        ["c"],
    ]


def test_ids_of_two_registries_are_one_study_and_of_one_registry_a_pooled_analysis():
    both = told("c", "NCT03275285;2017-001940-37")
    assert together(told("a", "NCT03275285"), told("b", "2017-001940-37"), both) == [["a", "b", "c"]]
    pooled = told("c", "NCT00000001;NCT00000002")
    assert together(told("a", "NCT00000001"), told("b", "NCT00000002"), pooled) == [["a"], ["b"], ["c"]]


def test_a_nameless_study_is_known_by_what_it_is():
    nameless = replace(ICARIA, trial_id="", trial_name="")
    assert together(telling("a", nameless), telling("b", nameless)) == [["a", "b"]]
    assert together(telling("a", nameless), telling("b", ICARIA)) == [["a", "b"]]
    assert together(telling("a", nameless), telling("b", replace(nameless, phase="II"))) == [["a"], ["b"]]


def test_a_nameless_study_beside_the_named_one_in_the_same_paper_is_another():
    nameless = replace(ICARIA, trial_id="", trial_name="")
    assert together(telling("a", nameless), telling("a", ICARIA)) == [["a"], ["a"]]


def test_a_description_with_a_gap_joins_nothing():
    nameless = Study(phase="III", arms=(ISA_PD, PD))
    assert together(telling("a", nameless), telling("b", nameless)) == [["a"], ["b"]]


def test_phases_that_a_paper_tells_apart_are_studies():
    two = (told("a", "NCT01084252", phase="I"), told("a", "NCT01084252", phase="II"))
    assert together(*two, told("b", "NCT01084252", phase="II")) == [["a"], ["a", "b"]]
    assert together(told("a", "NCT1", phase="I/II"), told("b", "NCT1", phase="II")) == [["a", "b"]]


def test_a_person_may_say_that_studies_are_the_same_or_not():
    papers = (told("a", "", "MAIA"), told("b", "", "MAIA"), told("c", "", "POLLUX"))
    assert together(*papers) == [["a", "b"], ["c"]]
    assert together(*papers, rulings=[Ruling("same", "maia", "pollux")]) == [["a", "b", "c"]]
    assert together(*papers, rulings=[Ruling("different", "a:maia", "b:maia")]) == [["a"], ["b"], ["c"]]


names = st.sampled_from(["", "MAIA", "IKEMA", "ICARIA-MM", "ICARIA"])
ids = st.sampled_from(["", "NCT1", "NCT2", "ChiCTR1", "NCT1;ChiCTR1", "NCT1;NCT2"])
studies = st.builds(
    Study,
    ids,
    names,
    st.sampled_from(["", "I", "III"]),
    population=st.sampled_from(["", "RRMM"]),
    arms=st.sampled_from([(), (ISA,), (ISA_PD, PD)]),
)
tellings = st.lists(
    st.builds(telling, st.sampled_from("abc"), studies), max_size=5, unique_by=lambda t: t.key
)


@given(tellings)
def test_who_is_who_does_not_depend_on_the_order(papers):
    expected = who_is_who(papers)
    assert all(who_is_who(order) == expected for order in list(permutations(papers))[:24])


@given(tellings)
def test_studies_joined_share_a_key_by_some_way(papers):
    """What the store loads (all that keys lead to) must be enough to say who is who."""
    whole = who_is_who(papers)
    for start in papers:
        near, keys = [], set(keys_of(start))
        while more := [t for t in papers if t not in near and keys_of(t) & keys]:
            near += more
            keys |= {key for t in more for key in keys_of(t)}
        assert {t.key: whole[t.key] for t in near} == who_is_who(near)

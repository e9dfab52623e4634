from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import branching, reachable, tree
from bot.dialogue.tree import Answer, PassedBranch, Question
from bot.knowledge import time_limits
from bot.knowledge.model import (
    UNSURE,
    Ask,
    Branch,
    Claim,
    Edition,
    KnowledgeBase,
    Leaf,
    Node,
    Topic,
)
from tests.support.books import toy_book

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)


def ago(**span: float) -> str:
    return time_limits.instant(NOW - timedelta(**span))


def walk(topic: str, **known: str) -> Question | Answer:
    return tree.walk(toy_book(), topic, known, NOW)


def say(topic: str, **known: str) -> str:
    found = walk(topic, **known)
    assert isinstance(found, Answer), found
    return found.say


# --- examples


def test_a_question_is_open_while_its_answer_is_not_known() -> None:
    assert walk("call_back") == Question("call_back", "carrier")
    assert walk("call_back", carrier="ferry") == Question("call_back", "goods")


def test_what_is_known_leads_on() -> None:
    assert say("call_back", carrier="mole") == "steps"
    assert say("call_back", carrier="ferry", goods="card") == "never"


def test_a_question_is_asked_only_where_its_answer_matters() -> None:
    assert walk("call_back", carrier="heron") == Question("call_back", "seal")
    assert say("call_back", carrier="mole") == "steps"
    assert say("call_back", carrier="snail") == "steps"


def test_not_sure_takes_the_way_of_otherwise() -> None:
    assert say("call_back", carrier=UNSURE) == "anywhere"
    assert say("call_back", carrier="heron", seal=UNSURE) == "steps"


def test_a_case_goes_before_known_and_known_before_otherwise() -> None:
    assert say("call_back", carrier="stranger") == "anywhere"
    assert say("gossip", carrier="heron") == "marks"
    assert say("gossip", carrier=UNSURE) == "anywhere"


def test_an_aspect_leads_to_its_own_leaf() -> None:
    assert say("call_back", carrier="heron", aspect="label") == "label"
    assert say("call_back", carrier="mole", aspect="unheard_of") == "steps"


def test_the_clock_decides_once_it_is_known_when_it_went_out() -> None:
    here = {"carrier": "heron"}
    assert say("closing_time", **here) == "limit"
    assert say("closing_time", **here, left_at=ago(minutes=29)) == "open"
    assert say("closing_time", **here, left_at=ago(minutes=30)) == "over"
    assert say("closing_time", **here, left_at=UNSURE) == "limit"
    assert say("closing_time", carrier="mole", left_at=ago(days=9)) == "limit"


def test_a_kind_brings_claims_of_its_own_before_those_of_its_platform() -> None:
    sent = ago(minutes=90)
    assert say("closing_time", carrier="ferry", goods="crate", left_at=sent) == "open"
    assert say("closing_time", carrier="ferry", goods="card", left_at=sent) == "limit"


def test_the_edition_decides_which_value_branches() -> None:
    known = {"carrier": "heron", "seal": "whole"}
    found = {
        edition: tree.walk(edited(edition=edition), "call_back", known, NOW)
        for edition in ("checked", "guide")
    }
    assert found["checked"] == walk("call_back", **known)
    assert isinstance(found["guide"], Answer)
    assert found["guide"].say == "never"


def test_the_moment_is_offered_only_where_it_is_open_and_there_is_a_limit() -> None:
    def refine(**known: str) -> object:
        found = walk("call_back", **known)
        assert isinstance(found, Answer)
        return found.refine

    assert "left_at" in str(refine(carrier="ferry", goods="crate"))
    assert not refine(carrier="ferry", goods="crate", left_at=ago(minutes=1))
    assert not refine(carrier="mole")


def test_two_platforms_that_share_a_leaf_are_told_apart_by_their_claims() -> None:
    """Compared before claims are resolved, they would look the same."""
    only = Ask(ask="carrier", otherwise=Leaf(say="limit", claims=("deadline",)))
    kb = edited(only)
    assert tree.walk(kb, "call_back", {}, NOW) == Question("call_back", "carrier")


def test_a_question_skipped_as_idle_is_not_put_again_lower_down() -> None:
    """Skipped means "not sure" from there on."""
    same = Leaf(say="a")
    lower = Ask(ask="seal", cases={"broken": Leaf(say="b")}, otherwise=same)
    idle = Ask(ask="seal", cases={"broken": same, "whole": same}, otherwise=lower)
    below_other = Branch(by="carrier", cases={"heron": idle}, otherwise=same)
    kb = edited(below_other)
    found = tree.walk(kb, "call_back", {"carrier": "heron"}, NOW)
    assert isinstance(found, Answer)
    assert found.say == "a"


def test_every_way_of_every_topic_ends_in_an_answer() -> None:
    for topic in toy_book().topics:
        ways = list(reachable.states(toy_book(), topic, NOW))
        assert ways
        assert all(isinstance(walk(topic, **known), Answer) for known in ways)


def test_the_ways_reach_every_leaf() -> None:
    said = {
        (topic, say(topic, **known))
        for topic in toy_book().topics
        for known in reachable.states(toy_book(), topic, NOW)
    }
    leaves = {
        (stem, node.say)
        for stem, topic in toy_book().topics.items()
        for node in every_node(topic.tree)
        if isinstance(node, Leaf)
    }
    assert leaves - {("counter_help", "others")} <= said


def test_the_ways_hold_the_last_minute_of_a_limit_and_the_first_after_it() -> None:
    ages = {
        NOW - time_limits.moment(known["left_at"])
        for known in reachable.states(toy_book(), "closing_time", NOW)
        if known.get("carrier") == "heron" and "left_at" in known
    }
    assert {timedelta(minutes=29), timedelta(minutes=31)} <= ages


# --- properties, on trees that nobody would write

slots = ("carrier", "goods", "seal")
claims = ("turning", "deadline", "marks", "roadside")
VALUES = {
    "carrier": ("heron", "mole", "ferry", "snail", "stranger"),
    "goods": ("crate", "card"),
    "seal": ("broken", "whole"),
    "place": ("indoors", "outdoors"),
    "left_at": ("just_now", "a_while", "days"),
    "turning": ("everyone", "no", "unclear"),
    "clock": ("open", "over", "none", "unknown"),
    "aspect": ("label", "nothing"),
}

leaves = st.builds(
    Leaf,
    say=st.sampled_from("abc"),
    claims=st.lists(st.sampled_from(claims), unique=True, max_size=2).map(tuple),
)


def branches(
    below: st.SearchStrategy[Node],
    asks: tuple[str, ...] = ("carrier", "goods", "seal", "left_at"),
    by: tuple[str, ...] = ("carrier", "seal", "turning", "clock", "aspect"),
) -> st.SearchStrategy[Node]:
    @st.composite
    def branch(draw: st.DrawFn) -> Node:
        ask = draw(st.booleans())
        name = draw(st.sampled_from(asks if ask else by))
        # The moment branches by the clock alone.
        most = 0 if name == "left_at" else 2
        cases = st.dictionaries(st.sampled_from(VALUES[name]), below, max_size=most)
        lower, known, rest = draw(cases), draw(st.none() | below), draw(below)
        if ask:
            return Ask(ask=name, cases=lower, known=known, otherwise=rest)
        return Branch(by=name, cases=lower, known=known, otherwise=rest)

    return branch()


trees = st.recursive(leaves, branches, max_leaves=6)
asking_trees = st.recursive(
    leaves,
    lambda below: branches(below, by=("turning", "clock", "aspect")),
    max_leaves=6,
)


def edited(node: Node | None = None, edition: Edition = "checked") -> KnowledgeBase:
    """The toy book with another tree for `call_back`."""
    kb = toy_book()
    call_back = replace(kb.topics["call_back"], instead={})
    if node is not None:
        call_back = replace(call_back, tree=node)
    topics = {**kb.topics, "call_back": call_back}
    return replace(kb, topics=topics, edition=edition)


def every_node(node: Node) -> Iterator[Node]:
    yield node
    if not isinstance(node, Leaf):
        below: list[Node] = [*node.cases.values(), node.otherwise]
        below += [node.known] if node.known else []
        for child in below:
            yield from every_node(child)


def answers(kb: KnowledgeBase, slot: str, known: Mapping[str, str]) -> list[str]:
    """What can be answered to a question, as it is then known."""
    if slot == "left_at":
        return [*(branching.sent_at(kb, v, NOW) for v in kb.choices(slot, {})), UNSURE]
    return [*kb.choices(slot, known), UNSURE]


Reply = tuple[str, str | None, tuple[tuple[str, Claim | None], ...]]


def reply(kb: KnowledgeBase, found: Answer, known: Mapping[str, str]) -> Reply:
    """What a person would read: the template, the name of the platform, the claims."""
    there = kb.claims("call_back", known)
    platform = known.get("carrier")
    stated = tuple((claim, there.get(claim)) for claim in found.claims)
    return found.say, None if platform == UNSURE else platform, stated


def ends(kb: KnowledgeBase, known: Mapping[str, str]) -> Iterator[Reply]:
    """Every reply that can be reached from here by answering what is asked."""
    found = tree.walk(kb, "call_back", known, NOW)
    if isinstance(found, Answer):
        yield reply(kb, found, known)
        return
    for answer in answers(kb, found.slot, known):
        yield from ends(kb, {**known, found.slot: answer})


@given(trees, st.data())
def test_a_walk_ends_in_an_open_question_or_an_answer_and_asks_a_slot_once(
    node: Node, data: st.DataObject
) -> None:
    kb, known = edited(node), dict[str, str]()
    for _ in range(len(kb.slots) + 1):
        found = tree.walk(kb, "call_back", known, NOW)
        if isinstance(found, Answer):
            return
        assert found.slot not in known
        answer = data.draw(st.sampled_from(answers(kb, found.slot, known)))
        known[found.slot] = answer
    pytest.fail(f"still asks for {found} with {known}")


@given(trees, st.data())
def test_no_question_is_idle(node: Node, data: st.DataObject) -> None:
    """Two of its answers lead to replies that differ."""
    kb, known = edited(node), dict[str, str]()
    found = tree.walk(kb, "call_back", known, NOW)
    while isinstance(found, Question):
        replies = {
            frozenset(ends(kb, {**known, found.slot: answer}))
            for answer in answers(kb, found.slot, known)
        }
        assert len(replies) > 1, f"{found} is idle with {known}"
        answer = data.draw(st.sampled_from(answers(kb, found.slot, known)))
        known[found.slot] = answer
        found = tree.walk(kb, "call_back", known, NOW)


def crossed(first: str, second: str) -> Ask:
    """Both answers lead to the same two replies, but not in the same way."""
    a, b = Leaf(say="a"), Leaf(say="b")
    return Ask(
        ask="seal",
        cases={"broken": Ask(ask="goods", cases={first: a, second: b}, otherwise=a)},
        otherwise=Ask(ask="goods", cases={first: b, second: a}, otherwise=b),
    )


def test_a_question_matters_where_its_answers_lead_to_the_same_replies_crosswise() -> (
    None
):
    kb = edited(crossed("crate", "card"))
    found = tree.walk(kb, "call_back", {"carrier": "ferry"}, NOW)
    assert found == Question("call_back", "seal")


below_names = st.recursive(
    leaves,
    lambda below: branches(below, asks=("seal", "left_at"), by=("turning", "aspect")),
    max_leaves=5,
)


@given(below_names, st.data())
def test_what_was_not_asked_would_not_have_changed_the_reply(
    node: Node, data: st.DataObject
) -> None:
    """The order of answers does not matter: all at once is as good as one by one."""
    kb = edited(Ask(ask="carrier", otherwise=Ask(ask="goods", otherwise=node)))
    every: dict[str, str] = {}
    for slot in ("carrier", "goods", "seal", "left_at"):
        every[slot] = data.draw(st.sampled_from(answers(kb, slot, every)))
    known: dict[str, str] = {}
    found = tree.walk(kb, "call_back", known, NOW)
    while isinstance(found, Question):
        known[found.slot] = every[found.slot]
        found = tree.walk(kb, "call_back", known, NOW)
    at_once = tree.walk(kb, "call_back", every, NOW)
    assert isinstance(at_once, Answer)
    assert reply(kb, found, known) == reply(kb, at_once, every)


@given(trees, st.permutations(["carrier", "goods", "seal", "left_at", "aspect"]))
def test_the_order_in_which_facts_are_stored_does_not_matter(
    node: Node, order: list[str]
) -> None:
    facts = {"carrier": "ferry", "goods": "crate", "seal": "whole"}
    facts |= {"left_at": ago(minutes=15), "aspect": "label"}
    shuffled = {name: facts[name] for name in order}
    kb = edited(node)
    assert tree.walk(kb, "call_back", shuffled, NOW) == tree.walk(
        kb, "call_back", facts, NOW
    )


@given(asking_trees)
def test_every_way_of_any_tree_ends_in_an_answer(node: Node) -> None:
    """Of any that asks for the service before it looks at what holds there."""
    kb = edited(Ask(ask="carrier", otherwise=Ask(ask="goods", otherwise=node)))
    for known in reachable.states(kb, "call_back", NOW):
        assert isinstance(tree.walk(kb, "call_back", known, NOW), Answer)


def test_what_a_branch_took_for_not_known_stays_so_below_it() -> None:
    asking = Ask(ask="seal", otherwise=Leaf(say="c"), known=Leaf(say="b"))
    again = Branch(by="clock", otherwise=Leaf(say="a"))
    node = Branch(
        by="clock", cases=dict.fromkeys(("open", "over"), asking), otherwise=again
    )
    kb = edited(Ask(ask="carrier", otherwise=Ask(ask="goods", otherwise=node)))
    found = [
        tree.walk(kb, "call_back", known, NOW)
        for known in reachable.states(kb, "call_back", NOW)
    ]
    assert not [one for one in found if not isinstance(one, Answer)]


slot_trees = st.recursive(
    leaves,
    lambda below: branches(below, asks=("seal", "place"), by=("seal", "place")),
    max_leaves=8,
)


@given(slot_trees)
def test_whatever_facts_lead_to_is_among_the_states(node: Node) -> None:
    kb = edited(node)
    said = {
        found.say
        for known in reachable.states(kb, "call_back", NOW)
        if isinstance(found := tree.walk(kb, "call_back", known, NOW), Answer)
    }
    for seal, place in itertools.product(VALUES["seal"], VALUES["place"]):
        known = {"seal": seal, "place": place}
        found = tree.walk(kb, "call_back", known, NOW)
        assert isinstance(found, Answer)
        assert found.say in said


def test_a_value_that_leads_back_is_followed_to_one_answer() -> None:
    rest = Branch(by="place", cases={"indoors": Leaf(say="b")}, otherwise=Leaf(say="a"))
    told = Branch(by="place", cases={"outdoors": Leaf(say="c")}, otherwise=rest)
    kb = edited(Branch(by="seal", cases={"broken": told}, otherwise=rest))
    told_of = [
        sorted(known.items())
        for known in reachable.states(kb, "call_back", NOW)
        if known.get("seal") == "broken" and "action" not in known
    ]
    assert told_of == [
        [("seal", "broken")],
        [("place", "outdoors"), ("seal", "broken")],
    ]


def test_an_aspect_that_a_way_never_looks_at_makes_no_state_of_its_own() -> None:
    by_aspect = Branch(
        by="aspect", cases={"label": Leaf(say="b")}, otherwise=Leaf(say="a")
    )
    node = Branch(by="seal", cases={"broken": Leaf(say="c")}, otherwise=by_aspect)
    labelled = [
        known
        for known in reachable.states(edited(node), "call_back", NOW)
        if known.get("aspect") == "label" and "action" not in known
    ]
    assert labelled == [{"aspect": "label"}]


def test_the_toy_topic_is_no_other_topic() -> None:
    topic = toy_book().topics["call_back"]
    assert isinstance(topic, Topic)
    assert edited().topics["call_back"].tree == topic.tree


# --- the path


def test_a_path_lists_every_branch_and_ends_in_the_answer() -> None:
    *passed, reached = tree.path(toy_book(), "call_back", {"carrier": "mole"}, NOW)
    assert [(p.on, p.branch) for p in passed if isinstance(p, PassedBranch)] == [
        ("carrier", "known"),
        ("aspect", "otherwise"),
        ("goods", "otherwise"),
        ("turning", "everyone"),
        ("past_seal", "otherwise"),
        ("clock", "otherwise"),
    ]
    assert reached == walk("call_back", carrier="mole")


def test_a_path_that_ends_in_a_question_passes_what_lies_before_it() -> None:
    facts = {"carrier": "ferry"}
    found = list(tree.path(toy_book(), "call_back", facts, NOW))
    assert found == [
        PassedBranch(asks=True, on="carrier", value="ferry", branch="known"),
        PassedBranch(asks=False, on="aspect", value=None, branch="otherwise"),
        Question("call_back", "goods"),
    ]


def test_not_sure_and_a_case_are_branches_too() -> None:
    unsure, _ = tree.path(toy_book(), "call_back", {"carrier": UNSURE}, NOW)
    assert unsure == PassedBranch(
        asks=True, on="carrier", value=UNSURE, branch="otherwise"
    )
    other, _ = tree.path(toy_book(), "call_back", {"carrier": "stranger"}, NOW)
    assert other == PassedBranch(
        asks=True, on="carrier", value="stranger", branch="stranger"
    )


@given(trees)
def test_a_path_asks_for_nothing_twice_and_leads_where_the_walk_does(
    node: Node,
) -> None:
    kb = edited(node)
    *passed, reached = tree.path(kb, "call_back", {}, NOW)
    assert reached == tree.walk(kb, "call_back", {}, NOW)
    assert all(isinstance(step, PassedBranch) for step in passed)

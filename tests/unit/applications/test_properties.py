"""What must hold for any life of an application."""

from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT, NOW, a_case, an_application
from higherstudy.domain.applications.application import Action, Condition, Offer, Side, State, side_of
from higherstudy.domain.applications.submitting import submit
from higherstudy.domain.shared.errors import Conflict, RuleBroken
from laws import cases


@cases(100)
@given(st.lists(st.sampled_from(Action), max_size=12))
def test_whatever_is_tried_the_history_is_unbroken_and_the_receipt_stays(tried: list[Action]) -> None:
    application, receipts = an_application(), set()

    for action in tried:
        possible = action in application.possible
        before = application.state
        try:
            match action:
                case Action.SUBMIT:
                    submit(application, a_case(), NOW, ACCOUNT)
                case Action.OFFER:
                    application.receive_offer(Offer(), NOW, ACCOUNT)
                case Action.OFFER_WITH_CONDITIONS:
                    application.receive_offer(Offer((Condition("Degree"),)), NOW, ACCOUNT)
                case _:
                    application.act(action, NOW, ACCOUNT)
        except (RuleBroken, Conflict):
            assert not possible
            assert application.state is before
        else:
            assert possible
        if application.receipt:
            receipts.add(application.receipt)

    states = [State.DRAFT, *(entry.after for entry in application.history)]
    assert [entry.before for entry in application.history] == states[:-1]
    assert application.state is states[-1]
    assert all(entry.side is side_of(entry.action) for entry in application.history)
    assert len(receipts) <= 1
    assert bool(application.receipt) == (Action.SUBMIT in {entry.action for entry in application.history})
    assert side_of(Action.SUBMIT) is Side.STUDENT

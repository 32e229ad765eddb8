"""What any issuer of access tokens must do."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.identity.account import Asker, Role
from ...domain.identity.factor import Method
from ...domain.identity.ticket import Ticket, TicketFor
from ...domain.shared.ids import AccountId, SessionId, StudentId
from ..tokens import Refresh, TokenRefused, Tokens

PassTime = Callable[[timedelta], None]
"""Lets the clock that the tokens are held against go on by so much, or back."""

HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=1)
FAR, LONG_AGO = datetime(2999, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)


class TokensContract:
    """Override ``tokens``, ``stranger`` with one that has other keys, and ``pass_time``.

    Set ``time_can_pass`` to False where the clock cannot be moved; the tests of when a token is good then do not run.
    """

    time_can_pass = True

    @pytest.fixture
    def tokens(self) -> Tokens:
        """Return an issuer."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> Tokens:
        """Return another issuer, whose tokens ours must not take."""
        raise NotImplementedError

    @pytest.fixture
    def pass_time(self) -> PassTime:
        """Return what moves the clock of the issuer; never asked for where ``time_can_pass`` is False."""
        raise NotImplementedError

    def test_a_token_says_by_which_methods_the_sign_in_was_made(self, tokens: Tokens) -> None:
        asker = replace(_somebody(), methods=frozenset({"pwd", "otp"}))

        assert tokens.read(tokens.issue(asker, HOUR)).methods == {"pwd", "otp"}

    @pytest.mark.parametrize("purpose", list(TicketFor))
    def test_a_ticket_comes_back_as_it_was_and_for_its_purpose_alone(
        self, tokens: Tokens, stranger: Tokens, purpose: TicketFor
    ) -> None:
        ticket = Ticket("an id", purpose, FAR, AccountId(uuid4()), frozenset({Method.PASSWORD}))
        token = tokens.issue_ticket(ticket)

        assert tokens.read_ticket(token, purpose) == ticket
        for other in set(TicketFor) - {purpose}:
            with pytest.raises(TokenRefused):
                tokens.read_ticket(token, other)
        for reader in (tokens.read, tokens.read_refresh):
            with pytest.raises(TokenRefused):
                reader(token)
        with pytest.raises(TokenRefused):
            stranger.read_ticket(token, purpose)

    def test_a_ticket_may_be_nobodys(self, tokens: Tokens) -> None:
        ticket = Ticket("an id", TicketFor.PASSKEY, FAR)

        assert tokens.read_ticket(tokens.issue_ticket(ticket), TicketFor.PASSKEY).account_id is None

    def test_no_other_token_and_no_other_text_is_a_ticket(self, tokens: Tokens) -> None:
        access = tokens.issue(_somebody(), HOUR)
        refresh = tokens.issue_refresh(Refresh(SessionId(uuid4()), 1), FAR)

        for given in (access, refresh, "", "x.y.z", "é", access[:-2]):
            with pytest.raises(TokenRefused):
                tokens.read_ticket(given, TicketFor.DEVICE)

    def test_a_ticket_ends(self, tokens: Tokens) -> None:
        token = tokens.issue_ticket(Ticket("an id", TicketFor.SECOND_STEP, LONG_AGO))

        with pytest.raises(TokenRefused):
            tokens.read_ticket(token, TicketFor.SECOND_STEP)

    @pytest.mark.parametrize("roles", [{Role.STUDENT}, {Role.COUNSELLOR, Role.ADMIN}, set()])
    def test_a_token_says_who_asks_and_in_which_request(self, tokens: Tokens, roles: set[Role]) -> None:
        asker = _somebody(*roles)

        read = tokens.read(tokens.issue(asker, HOUR), "a-request")

        assert read == replace(asker, request_id="a-request")

    def test_somebody_without_a_record_has_none_afterwards(self, tokens: Tokens) -> None:
        asker = Asker(AccountId(uuid4()), frozenset({Role.ADMIN}))

        assert tokens.read(tokens.issue(asker, HOUR)).student_id is None

    def test_it_is_known_whose_token_it_is(self, tokens: Tokens) -> None:
        asker = _somebody()

        assert tokens.account_of(tokens.issue(asker, HOUR)) == asker.account_id

    def test_a_token_fits_into_a_header(self, tokens: Tokens) -> None:
        token = tokens.issue(_somebody(*Role), HOUR)

        assert re.fullmatch(r"[A-Za-z0-9._~+/=-]{1,4096}", token), "RFC 6750 allows no other letters in a bearer token"

    def test_a_token_is_good_until_it_ends(self, tokens: Tokens, request: pytest.FixtureRequest) -> None:
        asker, pass_time = _somebody(), self._pass_time(request)
        token = tokens.issue(asker, HOUR)

        pass_time(HOUR - MOMENT)

        assert tokens.account_of(token) == asker.account_id

    def test_a_token_that_has_ended_is_refused(self, tokens: Tokens, request: pytest.FixtureRequest) -> None:
        pass_time = self._pass_time(request)
        token = tokens.issue(_somebody(), HOUR)

        pass_time(HOUR)

        _is_refused(tokens, token)

    def test_a_token_that_has_not_begun_is_refused(self, tokens: Tokens, request: pytest.FixtureRequest) -> None:
        pass_time = self._pass_time(request)
        token = tokens.issue(_somebody(), 2 * HOUR)

        pass_time(-HOUR)

        _is_refused(tokens, token)

    def test_a_token_of_another_issuer_is_refused(self, tokens: Tokens, stranger: Tokens) -> None:
        _is_refused(tokens, stranger.issue(_somebody(), HOUR))

    def test_a_token_that_was_changed_anywhere_is_refused(self, tokens: Tokens) -> None:
        token = tokens.issue(_somebody(), HOUR)

        # The last letter may hold bits that say nothing, so it is not among those that are changed.
        for place in range(0, len(token) - 1, 3):
            _is_refused(tokens, token[:place] + ("b" if token[place] != "b" else "c") + token[place + 1 :])

    @pytest.mark.parametrize(
        "text",
        ["", " ", "abc", "a.b.c", "é.é.é", "." * 5, "\x00", "টোকেন", "\ud800", "a" * 100_000],
        ids=["empty", "blank", "word", "dots", "accents", "only dots", "nul", "bangla", "half a letter", "very long"],
    )
    def test_what_is_no_token_is_refused(self, tokens: Tokens, text: str) -> None:
        _is_refused(tokens, text)

    def test_a_refresh_token_says_which_session_goes_on_and_its_turn(self, tokens: Tokens) -> None:
        refresh = Refresh(SessionId(uuid4()), 7)

        token = tokens.issue_refresh(refresh, FAR)

        assert tokens.read_refresh(token) == refresh
        assert re.fullmatch(r"[A-Za-z0-9._~+/=-]{1,4096}", token)

    def test_a_refresh_token_is_good_until_it_ends(self, tokens: Tokens) -> None:
        with pytest.raises(TokenRefused):
            tokens.read_refresh(tokens.issue_refresh(Refresh(SessionId(uuid4()), 1), LONG_AGO))

    def test_neither_kind_of_token_passes_for_the_other(self, tokens: Tokens) -> None:
        access, refresh = tokens.issue(_somebody(), HOUR), tokens.issue_refresh(Refresh(SessionId(uuid4()), 1), FAR)

        _is_refused(tokens, refresh)
        with pytest.raises(TokenRefused):
            tokens.read_refresh(access)

    def test_a_refresh_token_that_was_changed_or_is_of_another_issuer_is_refused(
        self, tokens: Tokens, stranger: Tokens
    ) -> None:
        refresh = Refresh(SessionId(uuid4()), 1)
        token = tokens.issue_refresh(refresh, FAR)
        changed = [
            token[:place] + ("b" if token[place] != "b" else "c") + token[place + 1 :]
            for place in range(0, len(token) - 1, 3)
        ]

        for wrong in (*changed, stranger.issue_refresh(refresh, FAR), "", "a.b.c", "\ud800", "টোকেন"):
            with pytest.raises(TokenRefused):
                tokens.read_refresh(wrong)

    def test_a_csrf_token_is_of_one_session_and_of_this_issuer(self, tokens: Tokens, stranger: Tokens) -> None:
        session, other = SessionId(uuid4()), SessionId(uuid4())
        token = tokens.csrf_of(session)

        assert token == tokens.csrf_of(session)
        assert re.fullmatch(r"[A-Za-z0-9._~-]{40,200}", token)
        assert tokens.is_csrf_of(session, token)
        for wrong in (tokens.csrf_of(other), stranger.csrf_of(session), token[:-1], f"{token}0", "", "টোকেন", "\ud800"):
            assert not tokens.is_csrf_of(session, wrong)

    def test_keys_that_are_shown_are_public_and_have_names(self, tokens: Tokens) -> None:
        for key in tokens.public_keys():
            assert {"kty", "kid", "use", "alg"} <= set(key)
            assert not {"d", "p", "q", "k"} & set(key), "a private part of a key"

    def _pass_time(self, request: pytest.FixtureRequest) -> PassTime:
        if not self.time_can_pass:
            pytest.skip("time_can_pass is False: the clock of these tokens cannot be moved")
        pass_time: PassTime = request.getfixturevalue("pass_time")
        return pass_time


def _somebody(*roles: Role) -> Asker:
    return Asker(AccountId(uuid4()), frozenset(roles), StudentId(uuid4()), session_id=SessionId(uuid4()))


def _is_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(token)
    assert tokens.account_of(token) is None

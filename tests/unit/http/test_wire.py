"""What several wire formats share."""

import re
import sys

from higherstudy.entrypoints.http.wire import NOT_BLANK


def test_the_document_takes_for_blank_what_the_domain_strips() -> None:
    pattern = re.compile(NOT_BLANK["pattern"])

    differ = [hex(sign) for sign in range(sys.maxunicode + 1) if bool(pattern.search(chr(sign))) == chr(sign).isspace()]

    assert differ == []
    assert pattern.search(" \n a ")
    assert not pattern.search("")

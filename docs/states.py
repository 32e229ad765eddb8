"""Write docs/states.md from the state tables of the domain: `.venv/bin/python docs/states.py`."""

import sys
from pathlib import Path

from higherstudy.domain.applications.application import MOVES, State
from higherstudy.domain.counselling.task import MOVES as TASK_MOVES
from higherstudy.domain.counselling.task import State as TaskState
from higherstudy.domain.documents.document import CHECKS, Verification
from higherstudy.domain.documents.upload import MOVES as UPLOAD_MOVES
from higherstudy.domain.documents.upload import UploadState
from higherstudy.domain.payments.order import MOVES as ORDER_MOVES
from higherstudy.domain.payments.order import State as OrderState
from higherstudy.domain.payments.refund import MOVES as REFUND_MOVES
from higherstudy.domain.payments.refund import State as RefundState
from higherstudy.domain.reports.report import MOVES as REPORT_MOVES
from higherstudy.domain.reports.report import State as ReportState
from higherstudy.domain.shared.states import state_diagram

PAGE = Path(__file__).with_suffix(".md")


def page() -> str:
    """Return the page as the tables say it now."""
    return f"""# States

Each diagram is drawn from the table at the top of its entity by `.venv/bin/python docs/states.py`; a test fails when
this page is older than the tables. An arrow names the action and, in brackets, who takes it.

## An application

From `domain/applications/application.py`. What the institution does is recorded here when it becomes known, by the
student or by staff. Once submitted, what was sent never changes.

```mermaid
{state_diagram(MOVES, State.DRAFT)}```

## An upload

From `domain/documents/upload.py`. The client announces a file, hands its bytes to the store and reports them as
complete; then they are looked at. An upload is decided once; a refusal says why.

```mermaid
{state_diagram(UPLOAD_MOVES, UploadState.REQUESTED)}```

## A version of a document

From `domain/documents/document.py`. Staff compare a version with the original; a rejection names its reason, and the
student uploads another version.

```mermaid
{state_diagram(CHECKS, Verification.PENDING)}```

## A report

From `domain/reports/report.py`. A job makes it, and begins again where it was killed. What was
withdrawn has no file any more.

```mermaid
{state_diagram(REPORT_MOVES, ReportState.ASKED)}```

## An order

From `domain/payments/order.py`. What the provider says moves it. An order that expired is paid after all where the
payer paid before its day; money that comes for one that was given up goes back as a refund of its own.

```mermaid
{state_diagram(ORDER_MOVES, OrderState.OPEN)}```

## A refund

From `domain/payments/refund.py`. Each step stands in its history, which the student sees.

```mermaid
{state_diagram(REFUND_MOVES, RefundState.ASKED)}```

## A task

From `domain/counselling/task.py`. It is about a student, and hers or of somebody whom she lets help her.

```mermaid
{state_diagram(TASK_MOVES, TaskState.OPEN)}```
"""


if __name__ == "__main__":
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit(f"{PAGE.name} is older than the tables it is drawn from: run .venv/bin/python docs/states.py")

"""What a student says about herself."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, patch
from litestar.openapi.spec import Example
from litestar.params import Body

from ....domain.profile.student import Student
from ....domain.profile.writing import profile_data
from ....domain.shared.errors import Invalid, Reason
from ..etags import etag, wanted_version
from ..given import ETAG, V1, AnyRequest, IfMatch, StudentPath, Use, Who, refusals, student_in
from ..wire import Id

_EXAMPLE = {
    "name": "Sample Student",
    "citizenships": ["BD"],
    "residence": {"country": "BD", "city": "Dhaka", "zone": "Asia/Dhaka"},
    "qualifications": [
        {
            "level": "bachelor",
            "title": "B.Sc. in Computer Science",
            "fields": ["0613"],
            "country": "BD",
            "grade": {"scale": "BD_UGC_4", "value": "3.42", "lowest_pass": "2.00"},
            "finished_on": "2025-02-20",
        }
    ],
    "tests": [{"code": "IELTS_AC", "taken_on": "2025-09-13", "total": "6.5", "sections": {"writing": "6.0"}}],
}


class ProfileBody(msgspec.Struct, frozen=True):
    """A profile at a version; what is not in it is unknown, an empty list is none."""

    student_id: Id
    version: int
    profile: Annotated[dict[str, Any], msgspec.Meta(examples=[_EXAMPLE])]


@get(
    "/students/{student_id:str}/profile",
    operation_id="get_profile",
    summary="Show a profile",
    response_headers=ETAG,
    responses=refusals(401, 404, 422),
)
async def get_profile(student_id: StudentPath, who: Who, use: Use) -> Response[ProfileBody]:
    """Show the profile; ``me`` is your own."""
    return _answer(await use.get_profile()(who, student_in(student_id, who)))


@patch(
    "/students/{student_id:str}/profile",
    operation_id="change_profile",
    summary="Change parts of a profile",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422, 428),
)
async def change_profile(
    request: AnyRequest,
    student_id: StudentPath,
    data: Annotated[
        dict[str, Any],
        Body(
            media_type="application/merge-patch+json",
            description="A JSON merge patch (RFC 7396): null takes a value away, lists are replaced as a whole.",
            examples=[Example(summary="A graduate in Dhaka", value=_EXAMPLE)],
        ),
    ],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
) -> Response[ProfileBody]:
    """Change the named parts and leave the others alone."""
    patch_given = request.scope["state"]["json"]
    if not isinstance(patch_given, dict):
        raise Invalid(Reason("data.not_a_table"))
    case = use.change_profile()
    return _answer(await case(who, student_in(student_id, who), patch_given, wanted_version(if_match)))


def _answer(student: Student) -> Response[ProfileBody]:
    body = ProfileBody(str(student.id), student.version, profile_data(student.profile))
    return Response(body, headers={"ETag": etag(student.version)})


router: Any = Router(V1, route_handlers=[get_profile, change_profile], tags=["Profile"])

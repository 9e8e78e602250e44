"""A wall before an address: its answers in words, and the walls that several addresses share."""

from dataclasses import dataclass
from typing import Any

# Answers, in words. A redirect is told by where it leads.
SHOWN = "200"
ON = "on to another page"
SIGN_IN = "to the sign-in page"
INDEX = "to the first page"
REFUSED = "403"
UNKNOWN = "404"
NOT_SO = "405"
CONFLICT = "409"
GONE = "410"
DONE = "204"

EVERYBODY, STAFF = "everybody", "staff"


@dataclass(frozen=True)
class Wall:
    """An address and its answers.

    ``sees``: permissions of which one is needed for the row to be there at all; without any, ``hidden`` is the answer
    (where the person has none of them anywhere, ``nowhere``, when that differs). ``needs``: a permission needed
    besides; without it 403. ``also``: a permission without which a key is of no use there. All count in the school
    of the row; where ``row`` is empty, in any school. ``keyless``: the answers (GET, POST) to somebody who may come
    in but holds no key. ``form``: what is sent.
    """

    get: str = NOT_SO
    post: str = NOT_SO
    open_to: str = STAFF
    row: str = ""
    sees: tuple[str, ...] = ()
    hidden: str = UNKNOWN
    nowhere: str = ""
    needs: str = ""
    also: str = ""
    keyless: tuple[str, str] | None = None
    form: tuple[tuple[str, Any], ...] = ()
    operator_get: str = ""


def public(get: str, post: str = NOT_SO, **more: Any) -> Wall:
    """Open to everybody, and the same for everybody."""
    return Wall(get=get, post=post, open_to=EVERYBODY, **more)


def closed(row: str, answer: str = REFUSED) -> Wall:
    """Closed to everybody, whatever their role."""
    return Wall(get=answer, post=answer, row=row)


def settings_of(model: str, *, deletes: bool = False, adds: bool = True) -> dict[str, Wall]:
    """The addresses that the admin has for a model of ``schools``."""
    start = f"admin/schools/{model}/"
    view, change = f"schools.view_{model}", f"schools.change_{model}"
    add, delete = f"schools.add_{model}", f"schools.delete_{model}"
    found = {
        start: Wall(SHOWN, SHOWN, sees=(view,), hidden=REFUSED),
        f"{start}<path:object_id>/change/": Wall(
            SHOWN, SHOWN, row=model, sees=(change,), hidden=INDEX, nowhere=REFUSED
        ),
        f"{start}<path:object_id>/history/": Wall(
            SHOWN, SHOWN, row=model, sees=(view,), hidden=INDEX
        ),
        f"{start}<path:object_id>/": Wall(ON, ON, row=model),
        f"{start}<path:object_id>/delete/": closed(model),
    }
    if adds:
        found[f"{start}add/"] = Wall(SHOWN, SHOWN, sees=(add,), hidden=REFUSED)
    if deletes:
        found[f"{start}<path:object_id>/delete/"] = Wall(
            *(SHOWN, ON),
            row=model,
            sees=(delete,),
            hidden=INDEX,
            nowhere=REFUSED,
            form=(("post", "yes"),),
        )
    return found


def journal_of(model: str) -> dict[str, Wall]:
    """The addresses that the admin has for a model of ``journal``: read there, changed nowhere."""
    start = f"admin/journal/{model}/"
    view = (f"journal.view_{model}",)
    return {
        start: Wall(SHOWN, SHOWN, sees=view, hidden=REFUSED),
        f"{start}add/": closed(""),
        f"{start}<path:object_id>/delete/": closed(model),
        f"{start}<path:object_id>/change/": Wall(SHOWN, row=model, sees=view),
        f"{start}<path:object_id>/history/": Wall(ON, ON, row=model),
        f"{start}<path:object_id>/": Wall(ON, ON, row=model),
    }


def members_of_the_commission() -> dict[str, Wall]:
    """The addresses that the admin has for those who sit in the commission: settings, kept in the journal's room."""
    return {
        address.replace("admin/schools/", "admin/journal/"): Wall(
            **{
                **vars(wall),
                "sees": tuple(name.replace("schools.", "journal.") for name in wall.sees),
            }
        )
        for address, wall in settings_of("commissionmember").items()
    }


def list_of(start: str, permission: str, **more: Any) -> dict[str, Wall]:
    """The pages on which a list is taken over. One that somebody else has begun is nobody's: back to the first page."""
    sees = {"row": "school", "sees": (permission,)}
    begun = {**sees, "row": "incoming"}
    address = f"admin/{start}/<slug:slug>/"
    back = Wall(ON, ON, **begun, **more)
    return {
        address: Wall(SHOWN, SHOWN, **sees, **more),
        f"{address}<int:pk>/columns/": back,
        f"{address}<int:pk>/": back,
        f"{address}<int:pk>/throw-away/": Wall(
            post=ON, **begun, **({"keyless": (NOT_SO, REFUSED)} if more else {})
        ),
    }

"""Reading what the sidebar sent as the contract says."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from handoff_ext.server.failures import WrongUse

if TYPE_CHECKING:
    from pydantic import BaseModel

    M = TypeVar("M", bound=BaseModel)


def parsed(model: type[M], body: bytes) -> M:
    """``body`` as ``model``. Raises ``WrongUse``, which names the field and never quotes the value."""
    from pydantic import ValidationError

    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80] or "the request"
        raise WrongUse(f"The request is not as expected: {where}: {first['msg'][:60]}.", "Reload the page.") from None

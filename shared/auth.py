"""Who calls a service: short-lived tokens signed with the key that the services share."""

import time
from typing import Annotated

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict

from shared.errors import Unauthorised

_LIFETIME_SECONDS = 60
_ALGORITHM = "HS256"


class Principal(BaseModel):
    """The calling service, the account it acts for (None: a visitor), and whether that one reviews claims."""

    model_config = ConfigDict(frozen=True)

    caller: str
    account_id: str | None = None
    reviewer: bool = False


def internal_token(key: str, principal: Principal, now: float | None = None) -> str:
    """A token that names the principal, valid for a minute."""
    issued = int(now if now is not None else time.time())
    claims = {
        "iss": "bzpeer",
        "caller": principal.caller,
        "account": principal.account_id,
        "reviewer": principal.reviewer,
        "exp": issued + _LIFETIME_SECONDS,
    }
    return jwt.encode({"alg": _ALGORITHM}, claims, OctKey.import_key(key))


def read_token(key: str, token: str) -> Principal:
    """The principal of a token. Raises Unauthorised when it is forged, too old, or no token at all."""
    try:
        claims = jwt.decode(token, OctKey.import_key(key), algorithms=[_ALGORITHM]).claims
        jwt.JWTClaimsRegistry(leeway=5, iss={"essential": True, "value": "bzpeer"}, exp={"essential": True}).validate(
            claims
        )
        return Principal(caller=claims["caller"], account_id=claims["account"], reviewer=claims["reviewer"])
    except (JoseError, KeyError, ValueError) as error:
        raise Unauthorised(
            "This route is for the services of this system; its token is missing or not valid."
        ) from error


def caller(request: Request) -> Principal:
    """The principal of the request's internal token; 401 without a valid one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = ""
    return read_token(request.app.state.internal_key, token)


def signed_in(principal: Annotated[Principal, Depends(caller)]) -> Principal:
    """A principal that acts for an account; 401 for a visitor."""
    if principal.account_id is None:
        raise Unauthorised("Sign in to do this.")
    return principal


Caller = Annotated[Principal, Depends(caller)]
SignedIn = Annotated[Principal, Depends(signed_in)]

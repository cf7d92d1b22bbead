"""Errors that people see, and the two classes of failure that a consumer tells apart."""


class Problem(Exception):  # noqa: N818 - the term of RFC 9457
    """An error with an answer for the caller: RFC 9457 problem details. `detail` says what to do next."""

    status = 500
    slug = "internal"
    title = "Something went wrong here"

    def __init__(self, detail: str, *, slug: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.slug = slug or self.slug
        self.retry_after = retry_after


class Invalid(Problem):
    """The request cannot be understood or breaks a rule."""

    status = 422
    slug = "invalid"
    title = "The request is not valid"


class Unauthorised(Problem):
    """Nobody is signed in."""

    status = 401
    slug = "sign-in-required"
    title = "Sign in first"


class Forbidden(Problem):
    """Known, but not allowed."""

    status = 403
    slug = "forbidden"
    title = "Not allowed"


class NotFound(Problem):
    """There is no such thing here."""

    status = 404
    slug = "not-found"
    title = "Not found"


class Conflict(Problem):
    """Somebody else changed the same thing first, or the state forbids it."""

    status = 409
    slug = "conflict"
    title = "Conflict"


class TooLarge(Problem):
    """More than this route takes."""

    status = 413
    slug = "too-large"
    title = "Too large"


class TooMany(Problem):
    """Asked too often."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"


class Unavailable(Problem):
    """A part that this needs does not answer now."""

    status = 503
    slug = "unavailable"
    title = "Not available now"


class Poison(Exception):  # noqa: N818 - the field's term
    """A message that no repetition will ever make readable."""


class WriteConflict(Exception):  # noqa: N818 - not an error to show: the unit of work is tried again
    """Another writer was first; load again and repeat."""

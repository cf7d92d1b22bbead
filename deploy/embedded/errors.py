"""What goes wrong with the embedded stack, said so that the reader can act on it."""


class StackError(Exception):
    """Something kept the stack from running: `what` happened, and what to `do` about it."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}\n{do}")
        self.what = what
        self.do = do

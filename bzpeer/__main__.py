"""`python -m bzpeer`."""

from bzpeer.cli import app

if __name__ == "__main__":
    app()

"""`python -m lms` is the command `lms`."""

from __future__ import annotations

from lms.cli import main

if __name__ == "__main__":
    main()

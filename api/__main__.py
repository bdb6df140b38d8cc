"""``python -m api`` is the ``schakel`` command."""
from api.cli import main

if __name__ == "__main__":
    main()

"""The door for browsers and systems: who comes in, what they may ask, and how it is answered."""

"""The only room with people, files and a command: everything a person or another system touches."""

"""The commands that make a part of the service run: each is imported when it is asked for."""

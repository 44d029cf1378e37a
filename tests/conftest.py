"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("newsspider", deadline=None)  # how fast a machine is decides nothing
settings.load_profile("newsspider")

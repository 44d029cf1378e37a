"""What holds for all tests."""

from hypothesis import settings

# How fast a machine is decides nothing, and the same commit has the same result: chance has its own command.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile("same")

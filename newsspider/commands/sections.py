"""stub"""


def sections() -> None:
    """stub"""

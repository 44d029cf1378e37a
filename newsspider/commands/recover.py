"""stub"""


def recover() -> None:
    """stub"""

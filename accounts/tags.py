from hashlib import sha256
from json import dumps


def tag_of(*said: object) -> str:
    """Names a state of a row by what is in it: 16 hexadecimal digits that change when one of `said` does.

    Nobody can forget to raise it, as one could a number, and changes by SQL move it, too.
    """
    return sha256(dumps(said, default=str).encode()).hexdigest()[:16]

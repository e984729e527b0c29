"""Neighbouring documents as a word of the full-text index, so that it can be asked about the newest first.

InnoDB gathers every document that a word stands in before the first one comes out, whatever LIMIT says: some two
microseconds each, so a word of half of a million papers takes a second. But of a second word it reads only what lies
between the first and the last document of the first word. So the words of each document begin with the number of the
block it lies in, and "these words in that block" is answered from a small piece of the index.
"""

MARK = "xx"
#: Documents of one block.
SIZE = 4096


def block_of(document: int) -> int:
    return document // SIZE


def block_word(block: int) -> str:
    """Under which word the index knows the documents of a block."""
    return f"{MARK}{block}"

"""How two statements stand to each other: does one corroborate, contradict or refine the other? Proposals only.

from extraction.relations import read_statement, relate
relate(read_statement("nobody was hurt"), read_statement("three guards were hurt"))
"""

from extraction.relations.deciding import relate
from extraction.relations.reading import from_parse, read_statement, read_statements
from extraction.relations.statement import Relation, Statement

__all__ = ["Relation", "Statement", "from_parse", "read_statement", "read_statements", "relate"]

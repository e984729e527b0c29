"""By which ways competence is found out: one registry, open to methods that nobody has thought of yet.

A result names its method by `key` and nothing else, so a new way of assessing (an automatically graded
test, a task sent in from afar) is tables of its own and one call of `register` in its app's `ready()`;
it hands in what it found through `assessments.services.record_result`. See
server_docs/decisions/0017-assessment-methods.md.
"""

from core.assessments.methods.bnsp import BNSP_METHODS
from core.assessments.methods.evidence import Evidence
from core.assessments.methods.registry import Method, all_methods, find_method, manual_methods, register

__all__ = ["Evidence", "Method", "all_methods", "find_method", "manual_methods", "register"]

for method in BNSP_METHODS:
    register(method)

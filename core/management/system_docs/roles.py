"""What each role may do, on one screen: from the table of roles, its models in words."""

from collections.abc import Iterator

from django.apps import apps
from rolepermissions.roles import RolesManager

from core.accounts.roles import ROLE_LABELS, STAFF_ROLES
from core.management.system_docs.data_model import MADE

ACTS = ("view", "add", "change", "delete")

HEAD = f"""# Roles

{MADE} What each role gets at each address: [permissions.md](../permissions.md).

A role is a set of rights in [core/accounts/roles.py](../../core/accounts/roles.py), laid into the database by
`python manage.py load_reference`. A person has one role. Rights decide about lists and acts; whose row it is decide relations (the
owner of a case, the assessor it is assigned to, the officer of an institution): `queries.py` and `rules.py` of the rooms. No screen gives
a right to one person, and none makes a superuser.

| role | in the program | back office | lists it sees | of these it changes | further acts |
|---|---|---|---|---|---|"""


def page() -> str:
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield HEAD
    for role, label in ROLE_LABELS.items():
        lists, acts = _rights(role)
        writes = sum(given != ["view"] for given in lists.values())
        staff = "yes" if role in STAFF_ROLES else "no"
        yield f"| {label} | `{role}` | {staff} | {len(lists)} | {writes} | {len(acts)} |"
    for role, label in ROLE_LABELS.items():
        lists, acts = _rights(role)
        yield f"\n## {label}\n\n{RolesManager.retrieve_role(role).__doc__.strip()}\n"
        whole = [name for name, given in lists.items() if set(given) == set(ACTS)]
        some = [
            f"{name} ({', '.join(act for act in given if act != 'view')})"
            for name, given in lists.items()
            if name not in whole and given != ["view"]
        ]
        reads = [name for name, given in lists.items() if given == ["view"]]
        for words, names in (("Edits", whole), ("Partly", some), ("Reads", reads), ("May also", acts)):
            if names:
                yield f"- **{words}:** {', '.join(names)}."
        if not lists and not acts:
            yield "- Holds no right; acts on own rows by relation."


def _rights(role: str) -> tuple[dict[str, list[str]], list[str]]:
    """({model in words: what of view, add, change, delete}, [every other right])."""
    names = {
        model._meta.model_name: str(model._meta.verbose_name) for model in apps.get_app_config("core").get_models()
    }
    lists: dict[str, list[str]] = {}
    acts = []
    for right, given in RolesManager.retrieve_role(role).available_permissions.items():
        act, _line, model = right.partition("_")
        if not given:
            continue
        if act in ACTS and model in names:
            lists.setdefault(names[model], []).append(act)
        else:
            acts.append(f"`{right}`")
    return lists, sorted(acts)

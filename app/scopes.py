"""What a question names that the database knows and the index does not: the articles of a delivery.

Law: the answer is exact as of this moment; a delivery that there is not has no articles.
"""

from app.domain.article import DeliveryId
from app.domain.query import Among, And, Field, Node, Not, Or, Term
from app.store.database import Database
from app.store.deliveries import articles_in

_LARGEST_ID = 2**63 - 1


def resolved(database: Database, tree: Node) -> Node:
    """Return a tree as engines are asked it: with the articles of a delivery in place of its number."""
    match tree:
        case And(children=children):
            return And(children=tuple(resolved(database, child) for child in children))
        case Or(children=children):
            return Or(children=tuple(resolved(database, child) for child in children))
        case Not(child=child):
            return Not(child=resolved(database, child))
        case Term(text=text, field=Field.DELIVERY):
            number = int(text) if text.isdecimal() else 0
            if not 0 < number <= _LARGEST_ID:
                return Among(articles=frozenset())
            with database.read() as session:
                return Among(articles=articles_in(session, DeliveryId(number)))
        case _:
            return tree

"""What a question names that the database knows and the index does not: the articles of a delivery.

Law: the answer is exact as of the moment it was first asked for; a delivery that there is not has no articles.
"""

from app.domain.article import LARGEST_ID, ArticleId, DeliveryId
from app.domain.query import Among, And, Field, Node, Not, Or, Term
from app.store.database import Database
from app.store.deliveries import articles_in


class Scopes:
    """What is named in the trees of one question, each looked up once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._deliveries: dict[str, frozenset[ArticleId]] = {}

    def resolved(self, tree: Node) -> Node:
        """Return a tree as engines are asked it: with the articles of a delivery in place of its number."""
        match tree:
            case And(children=children):
                return And(children=tuple(map(self.resolved, children)))
            case Or(children=children):
                return Or(children=tuple(map(self.resolved, children)))
            case Not(child=child):
                return Not(child=self.resolved(child))
            case Term(text=text, field=Field.DELIVERY):
                return Among(articles=self._delivery(text))
            case _:
                return tree

    def _delivery(self, told: str) -> frozenset[ArticleId]:
        if told not in self._deliveries:
            number = int(told) if told.isdecimal() else 0
            found: frozenset[ArticleId] = frozenset()
            if 0 < number <= LARGEST_ID:
                with self._database.read() as session:
                    found = articles_in(session, DeliveryId(number))
            self._deliveries[told] = found
        return self._deliveries[told]

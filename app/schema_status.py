"""The types of the JSON of how the archive is."""

from pydantic import AliasPath, Field

from app.schema import Count, Shape


class Deliveries(Shape):
    """How many deliveries there are."""

    total: Count = Field(examples=[12])
    waiting: Count = Field(
        description="Came over the web, and wait to be read or are being read.", examples=[1]
    )
    unfinished: Count = Field(description="Came in another way, and run or were cut off.", examples=[0])
    failed: Count = Field(description="Ended without one text: every file was rejected.", examples=[0])


class Index(Shape):
    """How the index stands to the database."""

    engine: str = Field(examples=["whoosh"])
    generation: int | None = Field(
        default=None,
        validation_alias=AliasPath("footprint", "generation"),
        description="The number of the index in use, which a rebuild raises.",
        examples=[3],
    )
    bytes: int | None = Field(
        default=None,
        validation_alias=AliasPath("footprint", "bytes"),
        description="How much it takes.",
        examples=[1_204_000],
    )
    behind: Count = Field(description="Changes that it has not been told of yet.", examples=[0])
    trouble: str | None = Field(description="Why it cannot answer.")


class Status(Shape):
    """How the archive is."""

    version: str = Field(description="Of Newsfold.", examples=["0.1.0"])
    database: str = Field(description="`sqlite` or `postgresql`.", examples=["sqlite"])
    articles: Count = Field(validation_alias=AliasPath("held", "articles"), examples=[120])
    originals: Count = Field(
        validation_alias=AliasPath("held", "originals"),
        description="Those that repeat no other.",
        examples=[90],
    )
    stories: Count = Field(validation_alias=AliasPath("held", "stories"), examples=[60])
    sources: Count = Field(examples=[9])
    deliveries: Deliveries
    index: Index
    outgrown: str | None = Field(
        description="What to do, where the archive has more articles than its engine answers fast about."
    )

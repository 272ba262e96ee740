"""Settings, read from the environment at the edges and passed on; never a module global."""

from pathlib import Path
from urllib.parse import quote

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingsError

MOST_QUERY_CHARS = 20_000

# Of a request before its body: a question that is a little too long is to arrive and be refused in words, and a
# character of it takes up to twelve bytes in an address.
MOST_HEAD_BYTES = 12 * MOST_QUERY_CHARS + 16_384


class Settings(BaseSettings):
    """Everything that can be set, each as ``NEWSFOLD_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="NEWSFOLD_", extra="ignore", frozen=True)

    home: Path = Field(default=Path("var"), description="The folder that holds archive.db and index/.")
    database_url: str | None = Field(
        default=None, description="The database, as an SQLAlchemy address; else SQLite in the home folder."
    )
    index_url: str | None = Field(
        default=None,
        description="The index, as `whoosh:PATH` or `tantivy:PATH`; without a path, in the home folder.",
    )
    max_file_mb: int = Field(default=64, ge=1, le=900, description="A larger file is rejected, in MiB.")
    max_upload_mb: int = Field(
        default=1024, ge=1, le=1_000_000, description="A larger upload is refused, in MiB."
    )
    max_unpacked_mb: int = Field(
        default=4096, ge=1, le=1_000_000, description="More is not unpacked out of one archive, in MiB."
    )
    index_wait_s: float = Field(
        default=30.0,
        ge=0,
        le=3600,
        description="How long `ingest` waits for another index writer, in seconds.",
    )
    max_query_chars: int = Field(
        default=MOST_QUERY_CHARS,
        ge=16,
        le=MOST_QUERY_CHARS,
        description="A longer query is refused, in characters.",
    )
    hosts: str = Field(
        default="",
        description="Host names the server answers to besides localhost and addresses in numbers; `*` for all.",
    )
    log_level: str = Field(
        default="warning", pattern="^(debug|info|warning|error)$", description="What is logged."
    )

    @property
    def database(self) -> str:
        """The database's SQLAlchemy address."""
        file = quote(str(self.home / "archive.db"))  # a question mark in it would begin the address's options
        return self.database_url or f"sqlite:///{file}"

    @property
    def max_file_bytes(self) -> int:
        """The size limit of one file in bytes."""
        return self.max_file_mb * 1024 * 1024

    @property
    def max_upload_bytes(self) -> int:
        """The size limit of one upload in bytes."""
        return self.max_upload_mb * 1024 * 1024

    @property
    def max_unpacked_bytes(self) -> int:
        """The size limit of all that comes out of one archive in bytes."""
        return self.max_unpacked_mb * 1024 * 1024


def load_settings() -> Settings:
    """Return the settings of this environment; raise ``SettingsError`` that names the variable and what it may be."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"NEWSFOLD_{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})." for e in error.errors()
        ]
        raise SettingsError(" ".join(lines) + " Correct or unset it.") from error

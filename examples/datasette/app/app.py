import sqlite3
import tempfile
from pathlib import Path

from datasette.app import Datasette

from behind_cloudfront import BehindCloudFront


def build(script):
    """Makes a database in the only directory that Lambda lets a function write to."""
    database = Path(tempfile.mkdtemp()) / "rivers.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(script.read_text())
    connection.close()
    return database


# Immutable, so that SQLite opens it without locks and Datasette counts rows once.
database = build(Path(__file__).with_name("rivers.sql"))
app = BehindCloudFront(Datasette(immutables=[str(database)]).app())

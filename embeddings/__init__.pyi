"""The public names of the package; `__init__.py` imports each when it is first used.

Every error is in `embeddings.errors`, which is public as a whole.
"""

__all__: list[str]

from .articles.article import Article as Article
from .articles.article import PageStart as PageStart
from .articles.article import Section as Section
from .articles.editing import StoredFile as StoredFile
from .articles.editing import add_article as add_article
from .articles.editing import remove_article as remove_article
from .articles.editing import restore_article as restore_article
from .articles.folder import list_files as list_files
from .articles.formats import supported_suffixes as supported_suffixes
from .articles.passage import Passage as Passage
from .articles.trash import Trashed as Trashed
from .articles.trash import empty_trash as empty_trash
from .articles.trash import last_removed as last_removed
from .articles.trash import list_trashed as list_trashed
from .articles.trash import path_key as path_key
from .articles.trash import trash_key as trash_key
from .articles.watch import watch_folder as watch_folder
from .console import print_passage as print_passage
from .index.build import build_index as build_index
from .index.build_result import BuildResult as BuildResult
from .index.location import Location as Location
from .index.location import parse_location as parse_location
from .index.manifest import ArticleEntry as ArticleEntry
from .index.manifest import Manifest as Manifest
from .index.manifest import SkippedEntry as SkippedEntry
from .index.open import current_manifest as current_manifest
from .index.open import current_stamp as current_stamp
from .index.open import open_index as open_index
from .index.passages import Passages as Passages
from .index.passages import Source as Source
from .model.encoder import Encoder as Encoder
from .model.encoder import Model as Model
from .model.priority import prioritized as prioritized
from .model.runtimes import find_model as find_model
from .model.source import DEFAULT_MODEL as DEFAULT_MODEL
from .process import configure_process as configure_process
from .progress import Progress as Progress
from .progress import cancellable as cancellable
from .progress import progress_bar as progress_bar
from .readers.subprocess_parser import parse_file as parse_file
from .readers.subprocess_parser import stop_reading as stop_reading
from .search.answer import Also as Also
from .search.answer import Answer as Answer
from .search.answer import Highlight as Highlight
from .search.answer import Hit as Hit
from .search.confidence import FAIRLY_SURE as FAIRLY_SURE
from .search.confidence import SURE as SURE
from .search.page_pictures import has_page_pictures as has_page_pictures
from .search.page_pictures import page_pictures as page_pictures
from .search.question_form import LONGEST_QUESTION as LONGEST_QUESTION
from .search.question_form import asked_together as asked_together
from .search.question_form import normalise as normalise
from .search.question_similarity import cluster_questions as cluster_questions
from .search.search import Searcher as Searcher
from .search.versions import differences as differences
from .search.versions import disagree as disagree
from .storage.files import write_atomically as write_atomically
from .storage.migrations import run_migrations as run_migrations
from .text.file_names import safe_name as safe_name
from .text.keyboard import retyped as retyped
from .text.language import detect as detect
from .text.language import ukrainian_or_russian as ukrainian_or_russian
from .text.lemmas import load_dictionaries as load_dictionaries
from .translatable import translated as translated

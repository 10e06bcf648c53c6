"""Haystack with its in-memory store and the embedding retriever.

Followed: "Preprocessing Different File Types" (150 words, 50 of overlap) and the pages on the
embedders of Sentence Transformers.
"""

from pathlib import Path

from haystack import Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentCleaner, DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.peer import PASSAGE, QUERY, Retrieved, article_files, article_name, model_path

PACKAGES = "haystack-ai sentence-transformers-haystack sentence-transformers torch".split()


class Haystack:
    """One pipeline that indexes and one that asks."""

    def __init__(self) -> None:
        model = model_path()
        self._documents = SentenceTransformersDocumentEmbedder(
            model=model, prefix=PASSAGE, progress_bar=False
        )
        self._texts = SentenceTransformersTextEmbedder(
            model=model, prefix=QUERY, progress_bar=False
        )
        self._documents.warm_up()
        self._texts.warm_up()

    def build(self, folder: Path) -> int:
        """Convert, clean, split, embed, write."""
        self._folder = folder
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        steps = {
            "converter": TextFileToDocument(store_full_path=True),
            "cleaner": DocumentCleaner(),
            "splitter": DocumentSplitter(split_by="word", split_length=150, split_overlap=50),
            "embedder": self._documents,
            "writer": DocumentWriter(store),
        }
        indexing = Pipeline()
        for name, step in steps.items():
            indexing.add_component(name, step)
        for before, after in zip(steps, list(steps)[1:], strict=False):
            indexing.connect(before, after)
        indexing.run({"converter": {"sources": list(article_files(folder))}})
        self._asking = Pipeline()
        self._asking.add_component("text_embedder", self._texts)
        self._asking.add_component("retriever", InMemoryEmbeddingRetriever(document_store=store))
        self._asking.connect("text_embedder.embedding", "retriever.query_embedding")
        return int(store.count_documents())

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Run the pipeline that asks."""
        found = self._asking.run({"text_embedder": {"text": question}, "retriever": {"top_k": k}})
        return [
            Retrieved(article_name(document.meta["file_path"], self._folder), document.content)
            for document in found["retriever"]["documents"]
        ]


load = Haystack

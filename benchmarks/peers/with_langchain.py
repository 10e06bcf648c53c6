"""LangChain with FAISS.

Followed: "Build a semantic search engine" (1,000 characters, 200 of overlap) and the pages on
loading a directory, FAISS, and Sentence Transformers with prompts.
"""

from pathlib import Path

from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.peer import PASSAGE, QUERY, SUFFIXES, Retrieved, article_name, model_path

PACKAGES = (
    "langchain-core langchain-community langchain-huggingface "
    "langchain-text-splitters faiss-cpu sentence-transformers torch"
).split()


class LangChain:
    """A FAISS vector store."""

    def __init__(self) -> None:
        self._embeddings = HuggingFaceEmbeddings(
            model_name=model_path(),
            encode_kwargs={"prompt": PASSAGE},
            query_encode_kwargs={"prompt": QUERY},
        )

    def build(self, folder: Path) -> int:
        """Load, split, embed."""
        self._folder = folder
        loader = DirectoryLoader(
            str(folder),
            glob=[f"**/*{suffix}" for suffix in SUFFIXES],
            loader_cls=TextLoader,
            loader_kwargs={"encoding": "utf-8"},
        )
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200, add_start_index=True
        )
        splits = splitter.split_documents(loader.load())
        self._store = FAISS.from_documents(splits, self._embeddings)
        return len(splits)

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Search by similarity."""
        return [
            Retrieved(article_name(found.metadata["source"], self._folder), found.page_content)
            for found in self._store.similarity_search(question, k=k)
        ]


load = LangChain

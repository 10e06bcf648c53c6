"""LlamaIndex with its default vector index, which is in memory.

Followed: "Starter Tutorial (Using Local LLMs)", without the language model. Its splitter's default
is 1,024 tokens, of which the model reads the first 512.
"""

from pathlib import Path

from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.peers.peer import PASSAGE, QUERY, SUFFIXES, Retrieved, article_name, model_path

PACKAGES = "llama-index-core llama-index-embeddings-huggingface sentence-transformers torch".split()


class LlamaIndex:
    """A vector index of nodes."""

    def __init__(self) -> None:
        self._model = HuggingFaceEmbedding(
            model_name=model_path(), query_instruction=QUERY, text_instruction=PASSAGE
        )

    def build(self, folder: Path) -> int:
        """Read, split, embed."""
        self._folder = folder
        reader = SimpleDirectoryReader(str(folder), recursive=True, required_exts=list(SUFFIXES))
        self._index = VectorStoreIndex.from_documents(reader.load_data(), embed_model=self._model)
        return len(self._index.index_struct.nodes_dict)

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Retrieve nodes."""
        return [
            Retrieved(
                article_name(found.metadata["file_path"], self._folder),
                found.get_content(metadata_mode=MetadataMode.NONE),
            )
            for found in self._index.as_retriever(similarity_top_k=k).retrieve(question)
        ]


load = LlamaIndex

"""embeddings/articles."""

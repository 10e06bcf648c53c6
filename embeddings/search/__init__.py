"""embeddings/search."""

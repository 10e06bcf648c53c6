"""embeddings/index."""

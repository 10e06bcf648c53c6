"""embeddings/storage."""

"""embeddings/model."""

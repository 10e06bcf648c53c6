"""embeddings/text."""

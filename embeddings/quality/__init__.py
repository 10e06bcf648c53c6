"""embeddings/quality."""

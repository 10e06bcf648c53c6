"""embeddings/readers/pdf."""

"""embeddings/index/local."""

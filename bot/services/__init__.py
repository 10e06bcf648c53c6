"""What handlers call: answering, indexing, article files, caches; nothing here parses an update."""

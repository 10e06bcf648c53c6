"""Articles asked in Telegram, or in a terminal. Knows `embeddings` only by its public names."""

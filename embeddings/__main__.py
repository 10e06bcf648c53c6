"""python -m embeddings."""

from embeddings.cli import main

if __name__ == "__main__":
    main()

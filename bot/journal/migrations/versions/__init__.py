"""One step a file, numbered; one that was released is never changed."""

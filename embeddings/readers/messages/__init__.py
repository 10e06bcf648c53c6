"""What people wrote to each other: mail and chats. Each module reads one format."""

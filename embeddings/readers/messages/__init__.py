"""What people wrote to each other: `eml` reads mail, and `telegram` exported chats."""

"""What ships with the default model; each file says where it is from."""

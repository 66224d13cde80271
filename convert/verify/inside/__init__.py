"""What happens in the child process: load a user's file, build its models, find inputs, run and observe them."""

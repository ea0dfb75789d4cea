"""The desk: what waits for the person who has signed in, over all their programs."""

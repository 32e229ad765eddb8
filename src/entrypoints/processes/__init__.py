"""What runs: the API, workers and the relay, each as one block that starts in order and ends in the reverse order."""

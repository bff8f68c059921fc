"""Images with their labels: where they come from, in which formats, in which batches."""

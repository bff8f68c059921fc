"""Training: run directories, engines, the loop over epochs, weights in and out of files."""

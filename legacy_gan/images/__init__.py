"""Images from a model that is trained, and the pictures that show them."""

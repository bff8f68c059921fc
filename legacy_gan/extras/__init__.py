"""Capabilities beside the book's path, which never imports them."""

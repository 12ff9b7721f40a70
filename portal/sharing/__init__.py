"""Passing a page on: short addresses, links to send, the picture that other sites show, a poster."""

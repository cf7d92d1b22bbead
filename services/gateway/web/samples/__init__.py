"""Invented people and works in every state: for the sheet of components, the preview server and the tests."""

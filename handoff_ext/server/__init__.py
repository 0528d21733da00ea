"""The Jupyter Server extension: REST for the sidebar. Parse, call one function of the library, answer."""

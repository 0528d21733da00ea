"""The analysis process beside the server, and the server's end of the line to it."""

"""The rules, a file each. What a rule's docstring says is its page."""

"""What each cell defines, uses and may change, and which cell needs which: static, cell by cell, cached by content."""

"""What the rules look at: one walk a cell, then plain values."""

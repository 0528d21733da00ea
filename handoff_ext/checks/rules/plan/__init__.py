"""What the people who take over will ask for."""

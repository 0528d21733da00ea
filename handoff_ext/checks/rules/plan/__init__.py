"""What the people who take over will ask for. Quiet on notebooks that train no model."""

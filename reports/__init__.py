"""What is printed or counted. No business rules."""

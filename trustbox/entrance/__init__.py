"""How one comes in: the password, the second factor, the invitation."""

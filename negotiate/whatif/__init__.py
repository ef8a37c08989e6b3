"""What if: many versions of one treaty at once."""

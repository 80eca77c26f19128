"""What a mail that came back is and says, from its bytes alone: no database, no sending."""

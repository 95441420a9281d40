"""How people type what they have in mind. A kind's name stands in the table."""

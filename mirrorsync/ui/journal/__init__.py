"""The journal's room: notes, check-ins and what became of them over weeks."""

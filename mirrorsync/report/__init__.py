"""The report of one session: a single HTML file for somebody who has never seen the program."""

"""What is known of a site and what is due: the ledger, a view of the WARC, and the policies that fill it."""

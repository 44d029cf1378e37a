"""For whoever keeps the crawls going: progress, reports, verdicts, and the first contact with a site."""

"""The archive of a site, read and written: its folder, its views, and how they are made again and proven."""

"""Commands that Scrapy finds by its setting ``COMMANDS_MODULE``, in place of its own."""

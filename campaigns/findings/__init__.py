"""What a campaign's results page says: each chart's numbers as one table, which the page shows and files carry."""

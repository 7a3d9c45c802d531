"""What practice adds to the standard, each fact with its source and date."""

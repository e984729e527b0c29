"""A copy of the database in which nobody can be found any more, and all figures are what they were."""

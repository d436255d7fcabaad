"""One small step per file, in order; never edited once merged. `lms migrate` runs them."""

"""Pure rules of online study: folding facts, asking and reading questions, results of tests, completion."""

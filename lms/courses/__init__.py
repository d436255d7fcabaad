"""Courses: folders that authors write, read into a course; questions and their marking; drawing of tests; summaries."""

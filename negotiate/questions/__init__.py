"""The questions: each a function from a situation to an answer, one file each."""

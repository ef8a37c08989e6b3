"""Components that answer in the browser."""

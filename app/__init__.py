"""The screen: words and widgets over the public face of ``negotiate``; it computes no payoffs."""

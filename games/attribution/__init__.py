"""Attribution: who did it, how sure is sure enough, and when to say so."""

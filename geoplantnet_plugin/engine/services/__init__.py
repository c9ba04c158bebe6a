"""Services over the network: how they are asked, what is kept of their answers, what they cost."""

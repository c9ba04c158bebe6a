"""Model packages: card, graph, taxa; checking and running them."""

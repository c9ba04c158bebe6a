"""What every room uses: files, columns, events, reporters."""

"""Both search engines side by side: quality, latency, throughput, indexing, memory."""

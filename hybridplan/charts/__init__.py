"""Charts: plain tables in, Plotly figures out. Each title is a question, each axis names its unit."""

"""The pages' building blocks: session, frame, editors and views. The only package that imports Streamlit."""

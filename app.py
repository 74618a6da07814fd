"""Entry of the pages: ``streamlit run app.py``; ``uvicorn hybridplan.ui.asgi:app`` serves the same, warmed up."""

from hybridplan.ui.shell import main

main()

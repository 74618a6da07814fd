"""Entry of the pages: ``streamlit run app.py``. ``uvicorn hybridplan.ui.asgi:app`` serves the same with warm workers."""

from hybridplan.ui.shell import main

main()

"""Pages, one file for each question.

A folder of the name ``pages`` beside ``main.py`` would start Streamlit's automatic pages.
"""

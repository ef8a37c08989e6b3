"""Pages, one file for each question. (A folder named pages would start Streamlit's automatic pages.)"""

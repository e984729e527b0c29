"""The manuals: Markdown in server_docs/manual/, read as pages, gathered in books, searched, and printed as PDF.

Every page has one subject and may stand in several books. A book is what one role needs: its front page
`manual-<role>.md` names the pages, part by part (decision 0049). Nothing here knows of requests.
"""

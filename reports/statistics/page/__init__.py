"""What a page, a file or a paper shows of a release: figures in words, drawings as geometry.

No request here.
"""

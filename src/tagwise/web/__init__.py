"""The pages as HTML: a server for one machine, and a folder of files for any web server."""

"""A scan on a Spark cluster: the same reader in the tasks of a job, rows as Parquet in a folder that all nodes see.

This module imports nothing: PySpark is an extra, and Python on the nodes imports only what a task runs.
"""

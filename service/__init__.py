"""The service: the assessments of the engine over OGC API – Processes, for an office or an agency.

- settings, tokens, database, migrations: what is decided, who may, where it is kept
- web, listening, routes, guard, manager, descriptions, inputs, request_area: a request becomes an answer or a job
- submit, queue, lanes, worker, child, steps: a job becomes a folder, by one engine child each
- jobs, status, files, maps, mapserver: the record of a job and what it gives
- names, digests: what clients read instead of paths, and the identity of a cube's files
- alone, children, cluster: all of it on one computer (``make serve``, the tests)
"""

-- A client whose request was answered by nobody sends it again with the same key, and gets the same job.

ALTER TABLE service.job ADD COLUMN key text;
CREATE UNIQUE INDEX job_of_key ON service.job (owner, key) WHERE key IS NOT NULL;

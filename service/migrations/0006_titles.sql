-- What a job is called: its place, size and day, so that a person tells it from his others.

ALTER TABLE service.job ADD COLUMN title text NOT NULL DEFAULT '';

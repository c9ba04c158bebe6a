-- Who may do what, which jobs there are, and what happened to them.

CREATE TABLE service.token (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner text NOT NULL,
  digest bytea NOT NULL UNIQUE,  -- SHA-256; the token itself has 256 random bits and is never stored
  scopes text[] NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  expires timestamptz,
  revoked timestamptz
);

CREATE TABLE service.job (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  process text NOT NULL,
  status text NOT NULL DEFAULT 'accepted'
    CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
  code text NOT NULL DEFAULT 'served_accepted',
  params jsonb NOT NULL DEFAULT '{}',
  progress smallint NOT NULL DEFAULT 0,
  language text NOT NULL DEFAULT 'en',
  inputs jsonb NOT NULL,
  subscriber jsonb,
  cells bigint NOT NULL DEFAULT 0,
  bytes bigint,
  seconds double precision,
  attempt integer NOT NULL DEFAULT 0,
  queue_id bigint,
  created timestamptz NOT NULL DEFAULT now(),
  started timestamptz,
  updated timestamptz NOT NULL DEFAULT now(),
  finished timestamptz,
  expired boolean NOT NULL DEFAULT false
);
CREATE INDEX job_of_owner ON service.job (owner, created DESC);
CREATE INDEX job_open ON service.job (status) WHERE status IN ('accepted', 'running');
CREATE INDEX job_finished ON service.job (finished) WHERE NOT expired;

CREATE TABLE service.event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job uuid NOT NULL REFERENCES service.job ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  code text NOT NULL,
  params jsonb NOT NULL
);
CREATE INDEX event_of_job ON service.event (job, id);

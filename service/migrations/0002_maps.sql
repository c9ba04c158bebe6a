-- Assessments as tables, named as in assemblage.gpkg: what the process `coverage` reads.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA maps;

CREATE TABLE maps.area (
  assessment text PRIMARY KEY,  -- the job's id, or the name under which a map was published
  owner text,                   -- null: everybody's
  title text NOT NULL,
  crs text NOT NULL,
  srid integer NOT NULL,
  resolution double precision NOT NULL,
  step double precision NOT NULL,  -- score = stored × step
  simulated boolean NOT NULL,
  source jsonb NOT NULL,
  set_rule text NOT NULL,
  cells bigint NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  geom geometry NOT NULL
);

CREATE TABLE maps.taxa (
  assessment text NOT NULL REFERENCES maps.area ON DELETE CASCADE,
  taxon integer NOT NULL,
  id text NOT NULL,
  accepted_name text NOT NULL,
  family text NOT NULL,
  PRIMARY KEY (assessment, taxon)
);

CREATE TABLE maps.coverage (
  assessment text NOT NULL REFERENCES maps.area ON DELETE CASCADE,
  id text NOT NULL,
  name text NOT NULL,
  cells bigint NOT NULL,
  coverage double precision NOT NULL
);
CREATE INDEX coverage_of_assessment ON maps.coverage (assessment);

-- One row a cell: with a row for each of its taxa, a map of 250,000 cells would have millions.
CREATE TABLE maps.cells (
  assessment text NOT NULL REFERENCES maps.area ON DELETE CASCADE,
  cell bigint NOT NULL,
  geom geometry NOT NULL,
  taxa integer[] NOT NULL,   -- best first
  scores integer[] NOT NULL  -- as stored in species.tif
);
CREATE INDEX cells_in_place ON maps.cells USING gist (assessment, geom);

CREATE VIEW maps.cell_taxa AS
  SELECT c.assessment, c.cell, t.taxon, t.score, c.geom
    FROM maps.cells c, unnest(c.taxa, c.scores) AS t (taxon, score);

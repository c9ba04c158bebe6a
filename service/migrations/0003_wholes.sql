-- A map may be a tile of a larger one: `coverage` takes the name of either.

ALTER TABLE maps.area ADD COLUMN whole text;
CREATE INDEX area_of_whole ON maps.area (whole);

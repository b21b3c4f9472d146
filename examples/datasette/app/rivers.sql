CREATE TABLE rivers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, continent TEXT NOT NULL, km INTEGER NOT NULL);
INSERT INTO rivers (name, continent, km) VALUES
  ('Nile', 'Africa', 6650),
  ('Amazon', 'South America', 6400),
  ('Yangtze', 'Asia', 6300),
  ('Mississippi–Missouri', 'North America', 6275),
  ('Yenisey', 'Asia', 5539),
  ('Huang He', 'Asia', 5464),
  ('Ob–Irtysh', 'Asia', 5410),
  ('Río de la Plata–Paraná', 'South America', 4880),
  ('Congo', 'Africa', 4700),
  ('Amur', 'Asia', 4444),
  ('Volga', 'Europe', 3645),
  ('Danube', 'Europe', 2888),
  ('Murray–Darling', 'Australia', 3672);

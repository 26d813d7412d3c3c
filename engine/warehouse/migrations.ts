/** The state's schema, as numbered steps. A step that was released is never changed: what follows it is a new step. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('running', 'published', 'checked', 'failed', 'interrupted', 'rolled_back')),
     started_at TEXT NOT NULL,
     finished_at TEXT,
     started_by TEXT NOT NULL,
     pid INTEGER NOT NULL,
     process_started TEXT NOT NULL,
     base_version INTEGER,
     version INTEGER,
     options TEXT NOT NULL DEFAULT '{}',
     error TEXT
   ) STRICT;
   CREATE INDEX runs_started ON runs (started_at);
   CREATE TABLE steps (
     run TEXT NOT NULL REFERENCES runs (id),
     number INTEGER NOT NULL,
     kind TEXT NOT NULL,
     name TEXT NOT NULL,
     stage TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('running', 'done', 'skipped', 'failed', 'interrupted')),
     started_at TEXT NOT NULL,
     finished_at TEXT,
     read INTEGER NOT NULL DEFAULT 0,
     added INTEGER NOT NULL DEFAULT 0,
     updated INTEGER NOT NULL DEFAULT 0,
     unchanged INTEGER NOT NULL DEFAULT 0,
     deleted INTEGER NOT NULL DEFAULT 0,
     removed INTEGER NOT NULL DEFAULT 0,
     rejected INTEGER NOT NULL DEFAULT 0,
     bytes INTEGER NOT NULL DEFAULT 0,
     watermark_before TEXT,
     watermark_after TEXT,
     definition TEXT,
     checks TEXT,
     warnings TEXT,
     rejects TEXT,
     error TEXT,
     PRIMARY KEY (run, number)
   ) STRICT;
   CREATE TABLE leases (
     name TEXT PRIMARY KEY,
     run TEXT NOT NULL,
     pid INTEGER NOT NULL,
     process_started TEXT NOT NULL,
     taken_at TEXT NOT NULL
   ) STRICT;
   CREATE TABLE pins (
     version INTEGER NOT NULL,
     reason TEXT NOT NULL,
     pinned_at TEXT NOT NULL,
     expires_at TEXT NOT NULL,
     PRIMARY KEY (version, reason)
   ) STRICT;
   CREATE TABLE query_log (
     id INTEGER PRIMARY KEY,
     at TEXT NOT NULL,
     caller TEXT NOT NULL,
     kind TEXT NOT NULL,
     members TEXT NOT NULL,
     milliseconds REAL NOT NULL,
     rows INTEGER NOT NULL,
     status TEXT NOT NULL
   ) STRICT;
   CREATE INDEX query_log_at ON query_log (at);`,
];

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
  `CREATE TABLE identity_decisions (
     match TEXT NOT NULL,
     left_source TEXT NOT NULL,
     left_id TEXT NOT NULL,
     right_source TEXT NOT NULL,
     right_id TEXT NOT NULL,
     decision TEXT NOT NULL CHECK (decision IN ('same', 'apart')),
     decided_at TEXT NOT NULL,
     decided_by TEXT NOT NULL,
     PRIMARY KEY (match, left_source, left_id, right_source, right_id)
   ) STRICT;
   CREATE TABLE lists (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     target TEXT NOT NULL,
     made_at TEXT NOT NULL,
     made_by TEXT NOT NULL,
     version INTEGER NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('making', 'dry', 'delivered', 'failed')),
     found INTEGER NOT NULL DEFAULT 0,
     withheld INTEGER NOT NULL DEFAULT 0,
     delivered INTEGER NOT NULL DEFAULT 0,
     detail TEXT
   ) STRICT;
   CREATE TABLE list_entries (
     list TEXT NOT NULL REFERENCES lists (id),
     entry TEXT NOT NULL,
     member TEXT NOT NULL,
     assignee TEXT,
     outcome TEXT,
     outcome_at TEXT,
     PRIMARY KEY (list, entry)
   ) STRICT;
   CREATE INDEX list_entries_member ON list_entries (member);
   CREATE TABLE paused_jobs (job TEXT PRIMARY KEY, paused_at TEXT NOT NULL, paused_by TEXT NOT NULL) STRICT;
   CREATE TABLE notices (
     key TEXT PRIMARY KEY,
     raised_at TEXT NOT NULL,
     sent_at TEXT,
     cleared_at TEXT
   ) STRICT;`,
  `CREATE TABLE suppressed (
     system TEXT NOT NULL,
     hash TEXT NOT NULL,
     replacement TEXT NOT NULL,
     alias TEXT NOT NULL,
     run TEXT NOT NULL,
     PRIMARY KEY (system, hash)
   ) STRICT;`,
  `CREATE TABLE campaigns (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL,
     plan TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('planned', 'drawn')),
     made_at TEXT NOT NULL,
     made_by TEXT NOT NULL,
     drawn_at TEXT,
     drawn_by TEXT,
     drawn_on TEXT,
     version INTEGER,
     summary TEXT
   ) STRICT;
   CREATE TABLE campaign_assignments (
     campaign INTEGER NOT NULL REFERENCES campaigns (id),
     member TEXT NOT NULL,
     channel TEXT NOT NULL,
     offer TEXT,
     treated INTEGER NOT NULL CHECK (treated IN (0, 1)),
     stratum TEXT NOT NULL,
     expected REAL NOT NULL,
     cost REAL NOT NULL,
     PRIMARY KEY (campaign, member)
   ) STRICT;
   CREATE TABLE goal_judgements (
     id INTEGER PRIMARY KEY,
     goal TEXT NOT NULL,
     judged_on TEXT NOT NULL,
     assessor TEXT NOT NULL,
     verdict TEXT NOT NULL CHECK (verdict IN ('reached', 'partly', 'missed', 'too_early')),
     words TEXT NOT NULL,
     noted_at TEXT NOT NULL
   ) STRICT;
   CREATE INDEX goal_judgements_goal ON goal_judgements (goal, judged_on);`,
];

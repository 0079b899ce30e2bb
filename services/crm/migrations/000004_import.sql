/* An import and its progress. rows_done is saved in each batch's transaction: a killed import goes on behind it. */
create table crm.import (
  import_id uuid primary key,
  file_name text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  options jsonb not null,
  legal_basis text,
  declared_source text,
  collected_at date,
  evidence text,
  file_bytes bigint not null,
  bytes_done bigint not null default 0,
  rows_done integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  skipped integer not null default 0,
  failed integer not null default 0,
  not_callable integer not null default 0,
  error_bytes bigint not null default 0,
  error_chunks integer not null default 0,
  failure text,
  created_by text,
  created_by_name text,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz
);
select loopline.everywhere('crm.import');

/* Who works on jobs now. A worker that stopped beating is dead, and what it had locked is free again (F19). */
create table crm.worker_heartbeat (
  worker_id text primary key,
  at timestamptz not null
);
select loopline.alone('crm.worker_heartbeat');

create schema crm;
select loopline.create_outbox('crm');

/*
 * The customer's own row. It is written by every call outcome, so it is kept cheap to update:
 *  - pages are filled to 85 %, so that the new version fits beside the old one (heap-only update);
 *  - no index names a column that an outcome changes (last_outcome, last_called_at, no_answer_streak, rejected_count,
 *    attempt_count, updated_at, version). Lists sort by touched_at, which only people and imports move. A connected call
 *    moves last_follow_up_at, and a rule may move owner and status: those updates touch the indexes, the others do not.
 * No foreign keys point here: a check costs 8 µs per row, which is 24 s of an import of a million; rows of one customer
 * are written in one transaction and customers are never removed physically.
 */
create table crm.customer (
  customer_id uuid primary key,
  version integer not null default 1,
  deleted boolean not null default false,
  name text collate "C" not null,
  company text collate "C",
  level text not null check (level in ('A', 'B', 'C', 'D')),
  status text not null,
  owner_id uuid,
  team_id uuid,
  tags text[] not null default '{}',
  region text collate "C",
  industry text collate "C",
  intent text not null,
  marketing_consent text not null,
  recording_consent text not null,
  never_call boolean not null default false,
  time_zone text,
  last_follow_up_at timestamptz,
  follow_up_paused_until timestamptz,
  last_outcome text,
  last_called_at timestamptz,
  no_answer_streak integer not null default 0,
  rejected_count integer not null default 0,
  attempt_count integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  touched_at timestamptz not null,
  sandbox boolean not null default false,
  import_id uuid
) with (fillfactor = 85);
select loopline.spread('crm.customer', 'customer_id');

/*
 * Lists. "Created" needs none: customer ids are UUIDv7 of the instant of creation, and order by id serves. Newest first is
 * read backwards: in ascending order new rows go to the right end, where the index finds its page at once and fills it
 * (descending: 5 µs more per imported row). Nobody lists customers by having no team; the pool is those
 * without an owner.
 */
create index customer_touched on crm.customer (touched_at, customer_id) where not deleted;
create index customer_owner on crm.customer (owner_id, touched_at, customer_id) where not deleted;
create index customer_team on crm.customer (team_id, touched_at, customer_id) where not deleted and team_id is not null;
create index customer_level on crm.customer (level, customer_id) where not deleted;
create index customer_follow_up on crm.customer ((coalesce(last_follow_up_at, '-infinity'::timestamptz)), customer_id) where not deleted;

/* Search words of a customer's names, apart from the row so that outcomes never meet the GIN index. */
create table crm.customer_search (
  customer_id uuid primary key,
  grams text[] not null
);
select loopline.spread('crm.customer_search', 'customer_id', 'crm.customer');
create index customer_search_grams on crm.customer_search using gin (grams);

create table crm.phone (
  customer_id uuid not null,
  phone_id uuid not null,
  position smallint not null,
  sealed bytea not null,
  blind_index bytea not null,
  last_four_index bytea not null,
  state text not null default 'usable' check (state in ('usable', 'invalid')),
  primary key (customer_id, phone_id)
);
select loopline.spread('crm.phone', 'customer_id', 'crm.customer');
create index phone_last_four on crm.phone (last_four_index);

/* One number belongs to one customer. */
create table crm.phone_index (
  blind_index bytea primary key,
  customer_id uuid not null
);
select loopline.spread('crm.phone_index', 'blind_index');

/* History: the newest row of a purpose holds; the customer's row repeats its state for conditions and the gate. */
create table crm.consent (
  customer_id uuid not null,
  id uuid not null,
  purpose text not null check (purpose in ('marketing', 'recording')),
  state text not null check (state in ('unknown', 'granted', 'refused')),
  source text,
  at timestamptz not null,
  recorded_at timestamptz not null,
  actor_id text,
  import_id uuid,
  primary key (customer_id, id)
);
select loopline.spread('crm.consent', 'customer_id', 'crm.customer');

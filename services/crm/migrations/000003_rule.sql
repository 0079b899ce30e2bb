create table crm.rule (
  id uuid primary key,
  key text unique,
  version integer not null,
  position integer not null,
  enabled boolean not null,
  "when" text not null,
  name jsonb not null,
  condition jsonb,
  actions jsonb not null,
  stop boolean not null
);
select loopline.everywhere('crm.rule');

/* One row: the version of the whole book, and the field mappings that are no rules. */
create table crm.rule_book (
  book smallint primary key check (book = 1),
  version integer not null,
  priority_by_level jsonb not null
);
select loopline.everywhere('crm.rule_book');

/* People as hub.user tells of them, and how many customers each was given by rules. */
create table crm.team_user (
  user_id uuid primary key,
  version bigint not null,
  name text not null,
  role text not null,
  team_id uuid,
  skills text[] not null default '{}',
  active boolean not null,
  assigned_count integer not null default 0
);
select loopline.everywhere('crm.team_user');

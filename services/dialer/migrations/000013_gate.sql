-- What the gate knows of a person beside the customer's record. The numbers as blind indexes and beginnings, beside each
-- other in the order of `phone_ids`; null: not computed yet, and then nobody is called.
alter table dialer.person add column phone_ids uuid[];
alter table dialer.person add column phone_blind bytea[];
alter table dialer.person add column phone_prefixes text[];
-- When the newest attempts began, unix ms, newest first, at most 20: rolling windows are counted from them.
alter table dialer.person add column recent_at bigint[] not null default '{}';
-- When a call of ours was last abandoned on this person, unix ms.
alter table dialer.person add column abandoned_at bigint;
-- Repeat `state`, for counting whole audiences without reading it.
alter table dialer.person add column time_zone text;
alter table dialer.person add column paused_until bigint;
alter table dialer.person add column phone_usable boolean[];
create index person_unmarked on dialer.person (customer_id) where phone_blind is null;

-- Do-not-call lists are asked at each dial beside spread tables: they are everywhere. A list points at the copy that holds;
-- an import that replaces one fills another copy first.
create table dialer.dnc_list (
  list_id uuid primary key,
  kind text not null check (kind in ('own', 'campaign', 'registry')),
  name text not null,
  -- Of a campaign's list.
  campaign_id uuid,
  -- Of a registry's copy: which registry ("us-ndnc"), and the day of the copy.
  registry text,
  copied_on date,
  copy_id uuid not null,
  -- Of `copy_id`; kept by the statements that change it.
  numbers bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
select loopline.everywhere('dialer.dnc_list');
create unique index dnc_list_copy on dialer.dnc_list (copy_id);

create table dialer.dnc (
  blind_index bytea not null,
  copy_id uuid not null,
  reason text,
  added_by text,
  added_at timestamptz not null,
  primary key (blind_index, copy_id)
);
select loopline.everywhere('dialer.dnc');

create table dialer.dnc_import (
  import_id uuid primary key,
  list_id uuid not null,
  copy_id uuid not null,
  -- `replacing`: the copy becomes the list's when the file is through.
  replacing boolean not null,
  state text not null check (state in ('running', 'done', 'failed')),
  file_name text not null,
  calling_code text,
  copied_on date,
  -- Bytes of the file that are committed.
  file_offset bigint not null default 0,
  rows bigint not null default 0,
  added bigint not null default 0,
  known bigint not null default 0,
  invalid bigint not null default 0,
  -- Lines that hold no number: the first of them, with the reason and without the text.
  errors json not null default '[]',
  actor_id text not null,
  actor_name text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz
);
select loopline.everywhere('dialer.dnc_import');
create index dnc_import_of_list on dialer.dnc_import (list_id, import_id desc);

-- Copies that no list points at any more: their numbers are swept away in the background.
create table dialer.dnc_dead_copy (
  copy_id uuid primary key
);
select loopline.everywhere('dialer.dnc_dead_copy');

-- The company's own list: refusals go into it, also those of customers who are erased later.
insert into dialer.dnc_list (list_id, kind, name, copy_id, created_at, updated_at)
values ('00000000-0000-7000-8000-000000000d0c', 'own', 'own', '00000000-0000-7000-8000-000000000d0d', now(), now());

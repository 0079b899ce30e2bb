-- How the numbers of a pool may be used. Few, and read beside every number.
create table dialer.caller_id_group (
  group_id uuid primary key,
  version integer not null default 1,
  name text not null,
  -- Calls within any 60 minutes and any 24 hours; null: no limit.
  quota_hour integer,
  quota_day integer,
  -- Calls at once: of a number that is new or comes back from suspicion, and at most; one more for each so many calls. null: no limit.
  channels_start integer,
  channels_max integer,
  ramp_calls integer not null,
  -- How long a number keeps quiet after a call that showed it.
  pause_seconds integer not null,
  -- How long a number that was given back is nobody's, before it may be used again.
  hold_days integer not null,
  -- Whether its answer rate is watched, and how long it rests when it falls.
  watched boolean not null,
  rest_hours integer not null,
  updated_at timestamptz not null
);
select loopline.everywhere('dialer.caller_id_group');
-- The figures that vendors tell of (about 20 calls an hour and 50 to 80 a day, 30 days of rest) are nobody's rule: each may be edited.
-- The second is for numbers that were in use before there were quotas, and for those of sandboxes.
insert into dialer.caller_id_group (group_id, name, quota_hour, quota_day, channels_start, channels_max, ramp_calls, pause_seconds, hold_days, watched, rest_hours, updated_at) values
  ('00000000-0000-7000-8000-0000000000c1', 'default', 20, 60, 1, 5, 20, 0, 30, true, 720, now()),
  ('00000000-0000-7000-8000-0000000000c2', 'unlimited', null, null, null, null, 20, 0, 30, true, 720, now());

-- The numbers that our calls show. A number that was given back stays: whoever calls it back still reaches us.
create table dialer.caller_id (
  caller_id uuid primary key,
  version integer not null default 1,
  -- As it goes to the carrier, and the digits that tell it from others (engines/routing/caller-ids/region.ts).
  number text not null,
  digits text not null unique,
  line_ids uuid[] not null,
  group_id uuid not null,
  province text,
  area text,
  -- How we know that it is ours; empty: it is not shown to anybody (反电信网络诈骗法 art. 14).
  proof text not null,
  state text not null check (state in ('active', 'resting', 'held', 'retired')),
  -- Why it is in this state: a code, and after a colon its figures; or the words of whoever changed it.
  reason text,
  state_by text,
  state_at timestamptz not null,
  -- When the state ends by itself; null: when somebody ends it.
  until_at timestamptz,
  -- Its own quotas, where they are not those of its group.
  quota_hour integer,
  quota_day integer,
  -- Calls at once now; it grows while nothing speaks against it.
  channels integer,
  released_at timestamptz,
  note text not null,
  -- Health of engines/routing/caller-ids/health.ts, and to which window it has taken in what happened.
  health json,
  judged_to timestamptz,
  -- Calls since the channels grew last.
  calls_since integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
select loopline.everywhere('dialer.caller_id');

-- Calls that were judged, and those that were answered, in windows of a minute: for the health of numbers and their pictures.
create table dialer.caller_id_use (
  caller_id uuid not null,
  window_at timestamptz not null,
  calls integer not null,
  answered integer not null,
  primary key (caller_id, window_at)
) with (fillfactor = 70);
select loopline.spread('dialer.caller_id_use', 'caller_id');
create index caller_id_use_window on dialer.caller_id_use (window_at);

-- Line id → the number of ours that the person saw last on it.
alter table dialer.person add column caller_ids jsonb;

-- The number whose quota a call counts against; null where it has none. What processes count in memory is restored from it.
alter table dialer.attempt add column quota_of uuid;
create index attempt_of_quota on dialer.attempt (id) include (quota_of, dialer_id) where quota_of is not null;

create schema if not exists dialer;

-- Campaigns, lines and owners of slots are few and read beside every spread table: they are everywhere.
create table dialer.campaign (
  campaign_id uuid primary key,
  version integer not null default 1,
  name text not null,
  state text not null check (state in ('draft', 'running', 'paused', 'stopped', 'finished')),
  -- CampaignSettings of contracts/campaign.ts, name included.
  settings jsonb not null,
  -- The audience's snapshot is still being read from crm; `loaded_to` is the last customer id that is committed.
  loading boolean not null default false,
  loaded_to uuid,
  -- Raised when somebody who does not own the slot adds entries: owners then look at their buckets again.
  list_version integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null
);
select loopline.everywhere('dialer.campaign');

create table dialer.line (
  line_id uuid primary key,
  version integer not null default 1,
  name text not null,
  type text not null check (type in ('4g', 'voip', 'pstn')),
  enabled boolean not null,
  remote text not null,
  local text not null,
  auth_user text,
  -- Sealed by drivers/keys with the line id as context.
  auth_password bytea,
  auth_realm text,
  number_format text not null,
  caller_ids text[] not null,
  max_concurrent integer not null,
  max_per_second double precision not null,
  weight integer not null,
  sandbox boolean not null,
  -- Whether the carrier answers OPTIONS.
  probe boolean not null default true,
  carrier text not null,
  contract text not null,
  -- A line whose answers point at itself is taken out of routing until somebody looks at it.
  tripped_at timestamptz,
  trip_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
select loopline.everywhere('dialer.line');

-- Who may write the entries of a slot (bucket % 64, one log partition each). The token only grows; a claim or a
-- write-ahead that carries a smaller one changes nothing (F3, F30).
create table dialer.slot (
  slot smallint primary key check (slot between 0 and 63),
  token bigint not null default 0,
  dialer_id uuid
);
select loopline.everywhere('dialer.slot');
insert into dialer.slot (slot) select generate_series(0, 63);

-- Processes that dial; one whose heartbeat is old leaves its open attempts to the others.
create table dialer.instance (
  dialer_id uuid primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
) with (fillfactor = 50);
select loopline.everywhere('dialer.instance');

-- Each process's share of a campaign's numbers; a reader adds them up.
create table dialer.tally (
  campaign_id uuid not null,
  dialer_id uuid not null,
  numbers jsonb not null,
  at timestamptz not null default now(),
  primary key (campaign_id, dialer_id)
) with (fillfactor = 50);
select loopline.everywhere('dialer.tally');

-- Customers that an import told of by id only: fetched from crm in the background, so that edits never wait for an import.
create table dialer.newcomer (
  id uuid primary key,
  customer_ids uuid[] not null
);
select loopline.alone('dialer.newcomer');

-- State events of others, the newest version each: the rule book and settings, so that a restart without crm knows them.
create table dialer.knowledge (
  key text primary key,
  version integer not null,
  value jsonb not null
);
select loopline.everywhere('dialer.knowledge');

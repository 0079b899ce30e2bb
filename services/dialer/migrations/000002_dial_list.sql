-- The local copy of a customer, for the gate and the rules: kept for everyone in a live campaign's list and everyone
-- ever dialled. Columns beside `state` are what the write-ahead statement checks again (P4).
create table dialer.person (
  customer_id uuid primary key,
  version integer not null,
  -- CustomerState of contracts/customer-event.ts; json, not jsonb: it is read whole and never searched.
  state json not null,
  deleted boolean not null,
  never_call boolean not null,
  status text not null,
  marketing_consent text not null,
  sandbox boolean not null,
  owner_id uuid,
  team_id uuid,
  -- Attempts that may count on the callee's local day, over all campaigns and manual dials; given back by those that
  -- never reached the network.
  attempt_day date,
  attempts_that_day smallint not null default 0,
  -- Phone id → where and when a carrier said that the number does not exist (evidence has weight).
  invalid_sightings jsonb,
  -- For a person entered by API: where and when the caller says that consent was given.
  consent_proof jsonb
) with (fillfactor = 70); -- every attempt counts here, and heap-only tuples need the room
select loopline.spread('dialer.person', 'customer_id');

create table dialer.entry (
  bucket smallint not null check (bucket = loopline.bucket(customer_id)),
  customer_id uuid not null,
  campaign_id uuid not null,
  state text not null check (state in ('waiting', 'ready', 'leased', 'dialing', 'done', 'withdrawn')),
  -- Whether the customer meets the audience now; one who does not may still wait for `recheck_at`.
  matches boolean not null,
  -- Added by API: no condition decides about it.
  by_api boolean not null default false,
  priority integer not null,
  due_at timestamptz not null,
  recheck_at timestamptz,
  -- When a waiting entry is looked at again: the earlier of due (or the gate's retry) and recheck; null until an edit.
  wake_at timestamptz,
  hold_reason text,
  -- Attempts that used up the retry plan, and those in a row that never reached the person.
  tries smallint not null default 0,
  uncounted_tries smallint not null default 0,
  -- Instants of the tries, newest last: the next one may have to fall into another part of the day.
  tried_at timestamptz[] not null default '{}',
  lease_token bigint,
  lease_until timestamptz,
  attempt_id uuid,
  last_outcome text,
  primary key (bucket, customer_id, campaign_id)
) with (fillfactor = 70);
select loopline.spread('dialer.entry', 'bucket');

create index entry_ready on dialer.entry (bucket, campaign_id, priority desc, due_at) where state = 'ready';
create index entry_waking on dialer.entry (wake_at) where state = 'waiting';
-- Who leaves by time alone, or changes rank by it; empty for audiences that do not depend on time.
create index entry_turning on dialer.entry (recheck_at) where recheck_at is not null and state in ('ready', 'leased');
create index entry_leased on dialer.entry (lease_until) where state = 'leased';

-- Written and committed before the INVITE leaves; ended exactly once.
create table dialer.attempt (
  customer_id uuid not null,
  id uuid not null,
  campaign_id uuid,
  campaign_name text,
  phone_id uuid not null,
  line_id uuid,
  line_name text,
  line_type text,
  caller_id text,
  -- Who dialled by hand; null for a campaign.
  actor_id text,
  -- DialDecision of contracts/call-event.ts.
  decision json not null,
  attempt_number smallint not null,
  attempt_day date,
  priority integer not null,
  lease_token bigint not null,
  dialer_id uuid not null,
  -- The voice process it was ordered from.
  epoch text not null,
  dial_by timestamptz not null,
  started_at timestamptz not null,
  ringing_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  outcome text,
  outcome_reason text,
  conclusive boolean,
  -- CallEvidence of contracts/call-event.ts.
  evidence json,
  sip_status smallint,
  q850 smallint,
  final_after_ms real,
  retransmissions smallint,
  primary key (customer_id, id)
) with (fillfactor = 70);
select loopline.spread('dialer.attempt', 'customer_id', 'dialer.person');

-- One person is called once at a time, whoever calls. Also small enough to find what a dead process left open.
create unique index attempt_open on dialer.attempt (customer_id) where ended_at is null;
-- Lists, newest first: ids are UUIDv7 of the decision's instant.
create index attempt_newest on dialer.attempt (id);
create index attempt_of_campaign on dialer.attempt (campaign_id, id);

select loopline.create_outbox('dialer');

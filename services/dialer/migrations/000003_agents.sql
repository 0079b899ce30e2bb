-- One row an agent, few and read by every process: whoever changes one names the version he read, and the loser looks again.
-- That version is the fence: no process owns a session, so that none has to be taken over (docs/adr/0008).
create table dialer.agent_session (
  agent_id uuid primary key,
  version integer not null,
  team_id uuid,
  state text not null,
  reason text,
  since timestamptz not null,
  -- The attempt being served, from its reservation to the end of the wrap-up.
  attempt_id uuid,
  -- AgentRow of agent/agent-row.ts, the columns above included; read whole.
  body json not null,
  changed_at timestamptz not null default now()
) with (fillfactor = 50);
select loopline.everywhere('dialer.agent_session');

-- How long in which state, for reports: written when the state is left.
create table dialer.agent_time (
  agent_id uuid not null,
  -- Of the session when the state was left.
  version integer not null,
  state text not null,
  reason text,
  from_at timestamptz not null,
  to_at timestamptz not null,
  attempt_id uuid,
  campaign_id uuid,
  primary key (agent_id, version)
);
select loopline.spread('dialer.agent_time', 'agent_id');
create index agent_time_from on dialer.agent_time (from_at);

-- What was promised to a customer: by whom he is called, and when.
create table dialer.callback (
  customer_id uuid not null,
  id uuid not null,
  -- Null: whoever of the team is free.
  agent_id uuid,
  team_id uuid,
  campaign_id uuid,
  at timestamptz not null,
  made_by uuid not null,
  made_at timestamptz not null,
  -- The call in which it was promised, and the one that kept it.
  made_in uuid not null,
  kept_in uuid,
  state text not null check (state in ('open', 'kept', 'missed')),
  -- Not shown to anybody before this instant: a card was put aside.
  not_before timestamptz not null,
  primary key (customer_id, id)
);
select loopline.spread('dialer.callback', 'customer_id', 'dialer.person');
create index callback_due on dialer.callback (not_before) where state = 'open';

create table dialer.recording (
  customer_id uuid not null,
  attempt_id uuid not null,
  state text not null check (state in ('recording', 'complete', 'incomplete')),
  basis text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  chunks integer not null default 0,
  -- Per channel, at 8,000 a second; the end of the last chunk on the axis of the recording.
  samples bigint not null default 0,
  -- RecordingEnd.gaps of contracts/recording.ts.
  gaps json,
  -- Hash of the last chunk, hex.
  head text,
  kept_until timestamptz not null,
  legal_hold boolean not null default false,
  primary key (customer_id, attempt_id)
);
select loopline.spread('dialer.recording', 'customer_id', 'dialer.person');
create index recording_of_attempt on dialer.recording (attempt_id);
create index recording_going_on on dialer.recording (started_at) where state = 'recording';

alter table dialer.attempt add column agent_id uuid;
alter table dialer.attempt add column connected_at timestamptz;
alter table dialer.attempt add column disposition text;
alter table dialer.attempt add column note text;
alter table dialer.attempt add column wrap_up_ms integer;
-- What the agent confirmed; the attempt's own outcome stays what the wire said.
alter table dialer.attempt add column wrap_up_outcome text;
-- LegQuality of contracts/quality.ts of both legs, over the call: { customer, agent }.
alter table dialer.attempt add column quality json;
create index attempt_of_agent on dialer.attempt (agent_id, id) where agent_id is not null;

-- Campaigns of before there were agents.
update dialer.campaign set settings = '{"mode": "agentless", "wrapUpMs": 30000, "previewMs": 45000}'::jsonb || settings;

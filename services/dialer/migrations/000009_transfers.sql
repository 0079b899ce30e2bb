-- A call that a colleague was asked to take or to join: from the question to what became of it. Written in the transaction that
-- changes the two sessions.
create table dialer.transfer (
  customer_id uuid not null,
  id uuid not null,
  attempt_id uuid not null,
  kind text not null check (kind in ('blind', 'consult')),
  from_agent uuid not null,
  to_agent uuid not null,
  note text,
  asked_at timestamptz not null,
  joined_at timestamptz,
  ended_at timestamptz,
  -- completed: the call became the colleague's · taken-back: it stayed with who asked.
  result text check (result in ('completed', 'taken-back', 'failed')),
  failure text,
  primary key (customer_id, id)
);
select loopline.spread('dialer.transfer', 'customer_id', 'dialer.person');
create index transfer_open on dialer.transfer (attempt_id) where ended_at is null;

-- Who of ours was on a call, as what, and when: written with the session that begins to talk, and with the one that stops.
create table dialer.call_part (
  customer_id uuid not null,
  attempt_id uuid not null,
  agent_id uuid not null,
  -- Of the session when it began.
  version integer not null,
  name text not null,
  role text not null check (role in ('agent', 'colleague')),
  joined_at timestamptz not null,
  left_at timestamptz,
  -- LegQuality of contracts/quality.ts, of this agent's leg.
  quality json,
  -- What he noted when the call had gone to somebody else.
  disposition text,
  note text,
  wrap_up_ms integer,
  primary key (customer_id, attempt_id, agent_id, version)
);
select loopline.spread('dialer.call_part', 'customer_id', 'dialer.person');
create index call_part_of_attempt on dialer.call_part (attempt_id);
create index call_part_of_agent on dialer.call_part (agent_id, joined_at);

-- What a lead wrote to an agent: shown until it is read.
create table dialer.agent_message (
  agent_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  from_name text not null,
  body text not null,
  sent_at timestamptz not null,
  read_at timestamptz,
  primary key (agent_id, id)
);
select loopline.spread('dialer.agent_message', 'agent_id', 'dialer.agent_time');

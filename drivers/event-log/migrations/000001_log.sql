-- The event log of the hub (schema log), and the function by which each service makes its own outbox.

create schema log;

-- An event waits here from its transaction to the relay. `sequence` keeps order inside one (topic, key); see outbox.ts.
-- The primary key is the order in which the relay takes rows, so that a batch cut short never leaves an older event of
-- a key behind a newer one. Spread by key: beside the customers it is written with.
create function loopline.create_outbox(service text) returns void
  language plpgsql as $$
begin
  execute format($sql$
    create table %I.outbox (
      key uuid not null,
      topic text not null,
      sequence bigint not null,
      id uuid not null,
      partition smallint not null,
      body text not null,
      written_at timestamptz not null default now(),
      primary key (key, topic, sequence, id)
    )$sql$, service);
  perform loopline.spread(format('%I.outbox', service), 'key');
end $$;

-- One row a topic: element p + 1 is the next offset of partition p. Whoever holds the row is the relay of the topic.
create table log.head (
  topic text primary key,
  next_offsets bigint[] not null
);

-- One more event in each of these partitions (named as often as they got one).
create function log.advanced(next_offsets bigint[], partitions smallint[]) returns bigint[]
  language plpgsql immutable as $$
declare
  at smallint;
begin
  foreach at in array partitions loop
    next_offsets[at + 1] := next_offsets[at + 1] + 1;
  end loop;
  return next_offsets;
end $$;

create table log.event (
  topic text not null,
  partition smallint not null,
  "offset" bigint not null,
  key uuid not null,
  body text not null,
  appended_at timestamptz not null default now(),
  primary key (topic, partition, "offset")
);

-- Where each consumer group continues. `token` is the lease under which the row may be written: a member that lost the
-- partition cannot move it any more.
create table log.cursor (
  group_name text not null,
  topic text not null,
  partition smallint not null,
  next_offset bigint not null,
  token bigint not null default 0,
  primary key (group_name, topic, partition)
) with (fillfactor = 50); -- only updated, and never an indexed column: heap-only tuples need the room

create table log.lease (
  group_name text not null,
  partition smallint not null,
  owner text,
  token bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  primary key (group_name, partition)
) with (fillfactor = 50);

-- Who shares the partitions of a group.
create table log.member (
  group_name text not null,
  owner text not null,
  seen_until timestamptz not null,
  primary key (group_name, owner)
) with (fillfactor = 50);

-- Events of keys that a group cannot handle, in order; their bodies survive the pruning of the log. `attempts` is 0
-- for those that only wait behind the bad one.
create table log.parked (
  group_name text not null,
  topic text not null,
  partition smallint not null,
  "offset" bigint not null,
  key uuid not null,
  body text not null,
  error text,
  attempts integer not null default 0,
  parked_at timestamptz not null default now(),
  retry_at timestamptz not null,
  primary key (group_name, topic, partition, "offset")
);

select loopline.alone('log.' || name)
  from unnest(array['head', 'event', 'cursor', 'lease', 'member', 'parked']) as name;

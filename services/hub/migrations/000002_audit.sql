-- Acts of people and keys. `seq` counts within the day, given by the one writer; each row's hash covers the row before.
-- `details` is text, not jsonb: the hash is over its exact characters.
create table hub.audit (
  day date not null,
  seq integer not null,
  at timestamptz not null,
  actor_id text not null,
  actor_name text not null,
  role text not null,
  action text not null,
  subject text not null,
  details text not null,
  address text not null,
  hash bytea not null,
  primary key (day, seq)
);

-- The end of the chain; whoever holds the row is the writer.
create table hub.audit_head (
  only_row boolean primary key default true check (only_row),
  day date not null,
  seq integer not null,
  hash bytea not null
);

select loopline.alone('hub.audit');
select loopline.alone('hub.audit_head');

create index audit_actor on hub.audit (actor_id, day desc, seq desc);
create index audit_subject on hub.audit (subject, day desc, seq desc);
insert into hub.audit_head (day, seq, hash) values ('2000-01-01', 0, '\x0000000000000000000000000000000000000000000000000000000000000000');

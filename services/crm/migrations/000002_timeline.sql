/* What happened to a customer. A call uses its attempt id as id, so that a call told twice is one item. */
create table crm.timeline (
  customer_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  kind text not null,
  actor_id text,
  actor_name text,
  body jsonb not null,
  primary key (customer_id, id)
);
select loopline.spread('crm.timeline', 'customer_id', 'crm.customer');
create index timeline_newest on crm.timeline (customer_id, at desc, id desc);

-- Where results go by HTTP. Secrets are sealed with the webhook's id; the former one signs too until `previous_until`.
-- `generation` names the consumer group: replaying begins a new one at the start of the log and skips what is older than `since`.
create table hub.webhook (
  id uuid primary key,
  version integer not null default 1,
  url text not null,
  topics text[] not null,
  active boolean not null default true,
  secret_sealed bytea not null,
  previous_sealed bytea,
  previous_until timestamptz,
  generation integer not null default 1,
  since timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  failed_at timestamptz,
  failure text
);
select loopline.alone('hub.webhook');

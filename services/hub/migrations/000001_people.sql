create schema if not exists hub;
select loopline.create_outbox('hub');

create table hub.team (
  team_id uuid primary key,
  name text not null unique
);

-- People. The columns that better-auth 1.7.5 expects of its model `user` are mapped in sign-on/auth.ts.
create table hub.user (
  id uuid primary key,
  version integer not null default 1,
  username text not null unique,
  name text not null,
  role text not null default 'agent' check (role in ('admin', 'supervisor', 'agent', 'auditor')),
  team_id uuid,
  skills text[] not null default '{}',
  active boolean not null default true,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Owned by better-auth: sessions, password hashes, one-time values, requests counted by client address.
create table hub.session (
  id uuid primary key,
  token text not null unique,
  user_id uuid not null,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table hub.account (
  id uuid primary key,
  account_id text not null,
  provider_id text not null,
  user_id uuid not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create table hub.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table hub.rate_limit (
  id uuid primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

-- Failed sign-ins by a keyed digest of the name that was typed: people type passwords and numbers there.
create table hub.sign_in_failure (
  name_digest bytea primary key,
  failures integer not null,
  locked_until timestamptz,
  failed_at timestamptz not null default now()
);

-- The one-time link that makes the first admin. Only its hash is kept.
create table hub.setup_link (
  token_hash bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table hub.api_key (
  id uuid primary key,
  name text not null,
  key_hash bytea not null unique,
  created_by text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table hub.setting (
  key text primary key,
  version integer not null,
  value jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

select loopline.alone('hub.' || name)
  from unnest(array['team', 'user', 'session', 'account', 'verification', 'rate_limit', 'sign_in_failure', 'setup_link', 'api_key', 'setting']) as name;

create index session_of_user on hub.session (user_id);
create index account_of_user on hub.account (user_id);
create index verification_identifier on hub.verification (identifier);
alter table hub.user add constraint user_belongs_to_team foreign key (team_id) references hub.team (team_id);
alter table hub.session add constraint session_belongs_to_user foreign key (user_id) references hub.user (id) on delete cascade;
alter table hub.account add constraint account_belongs_to_user foreign key (user_id) references hub.user (id) on delete cascade;

-- A second factor by an authenticator app (RFC 6238). The columns are those that better-auth 1.7.5 expects (sign-on/auth.ts);
-- secret and codes are sealed by it with the key of sessions.
alter table hub.user add column two_factor_enabled boolean not null default false;

create table hub.two_factor (
  id uuid primary key,
  secret text not null,
  backup_codes text not null,
  user_id uuid not null unique,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- Who came in, or tried to, from where: for the person himself and for admins. Names that were typed are not kept.
create table hub.sign_in (
  sign_in_id uuid primary key,
  user_id uuid not null,
  at timestamptz not null default now(),
  outcome text not null check (outcome in ('signed-in', 'wrong-password', 'wrong-code')),
  address text not null,
  user_agent text
);

select loopline.alone('hub.' || name) from unnest(array['two_factor', 'sign_in']) as name;

create index sign_in_of_user on hub.sign_in (user_id, sign_in_id desc);
alter table hub.two_factor add constraint two_factor_belongs_to_user foreign key (user_id) references hub.user (id) on delete cascade;
